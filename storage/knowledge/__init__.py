"""The inbox's knowledge: pages of a folder and answers that staff have taught, kept as passages that can be found."""

from storage.knowledge.finding import AS_MANY, search
from storage.knowledge.index import LANGUAGE, FolderIndex, IndexReport, count_files, index_folder
from storage.knowledge.shelf import Page, has_passages, pages, read
from storage.knowledge.taught import add_taught, configurations, remove_taught

__all__ = [
    "AS_MANY",
    "LANGUAGE",
    "FolderIndex",
    "IndexReport",
    "Page",
    "add_taught",
    "configurations",
    "count_files",
    "has_passages",
    "index_folder",
    "pages",
    "read",
    "remove_taught",
    "search",
]
