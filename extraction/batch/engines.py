"""What reads the files of a batch: processes of this machine, or a cluster."""

from collections.abc import Iterable, Iterator

from extraction.batch.inputs import Item
from extraction.batch.job import Done, Settings
from extraction.batch.run import Engine
from extraction.errors import NianbaoError


def engine_named(name: str, *, workers: int | None = None, scheduler: str | None = None) -> Engine:
    """The engine ``local`` or ``dask``.

    :param workers: processes; None means one a core. ``scheduler`` is dask's address, None starts one here.
    :raises NianbaoError: there is none of this name, or its package is not installed.
    """
    if name == "local":
        from extraction.batch.pool import local

        return lambda items, settings: local(items, settings, workers=workers)
    if name == "dask":
        try:
            from extraction.batch.cluster import on_cluster
        except ImportError as error:
            raise NianbaoError("--engine dask", "dask is not installed", "install nianbao[dask]") from error

        def run(items: Iterable[Item], settings: Settings) -> Iterator[Done]:
            return on_cluster(items, settings, workers=workers, scheduler=scheduler)

        return run
    raise NianbaoError(f"--engine {name}", "no such engine", "use local or dask")
