"""What can go wrong with a file or a resource: one root, few kinds.

A message gives the place, what was found there and what to do about it, on one line.
"""


class NianbaoError(Exception):
    """Root of every error that this package raises on purpose.

    :param place: file, resource or argument that is at fault.
    :param found: what stands there.
    :param remedy: what to do about it.
    """

    def __init__(self, place: str, found: str, remedy: str) -> None:
        self.place, self.found, self.remedy = place, found, remedy
        super().__init__(f"{place}: {found}; {remedy}")

    def __reduce__(self) -> tuple[type["NianbaoError"], tuple[str, str, str]]:
        """As its parts, so that an error of another process arrives whole."""
        return type(self), (self.place, self.found, self.remedy)


class UnreadableFile(NianbaoError):
    """The file is missing, empty, damaged, encrypted or larger than the limits allow."""


class UnsupportedFile(NianbaoError):
    """The file is whole, but of a kind that cannot be read (an image, an old .doc, a scan)."""


class BadResource(NianbaoError):
    """A YAML resource names a key, metric, cell or check that does not exist."""


class BadModel(NianbaoError):
    """A model directory is missing, damaged, or holds labels that do not exist here."""
