"""What can be done with the village's documents: see what waits, look, publish, find."""

from portal.disclosure.finding import (
    FileKeeper,
    find_newest,
    find_office,
    get_doc,
    get_file,
    list_docs,
    list_files,
    newest_issues,
    set_office,
    state_of,
)
from portal.disclosure.publishing import (
    RECORD_KIND,
    Press,
    Waiting,
    count_waiting,
    find_personal_data,
    list_waiting,
    preview,
    publish,
    why_not_publish,
)

__all__ = [
    "RECORD_KIND",
    "FileKeeper",
    "Press",
    "Waiting",
    "count_waiting",
    "find_newest",
    "find_office",
    "find_personal_data",
    "get_doc",
    "get_file",
    "list_docs",
    "list_files",
    "list_waiting",
    "newest_issues",
    "preview",
    "publish",
    "set_office",
    "state_of",
    "why_not_publish",
]
