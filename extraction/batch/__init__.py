"""Many files to records or failures: what to read, who reads it, where it goes."""

from extraction.batch.inputs import Item, find_items, read_manifest
from extraction.batch.job import Done, Failure, Settings, extract_files
from extraction.batch.run import Batch, run_batch

__all__ = ["Batch", "Done", "Failure", "Item", "Settings", "extract_files", "find_items", "read_manifest", "run_batch"]
