"""Opens a workbook in a process of its own, and says on the standard output what is in it.

The file of a stranger may ask for any memory and any time, and the library that reads it ends the
whole process when there is none left. So `core/workbooks.py` runs this file, with limits, and a bad
workbook ends nothing but this. Arguments: bytes of memory, seconds of processor.
"""

import datetime
import io
import json
import resource
import sys
from collections.abc import Iterator
from typing import Any

from python_calamine import (
    CalamineSheet,
    PasswordError,
    SheetTypeEnum,
    SheetVisibleEnum,
    load_workbook,
)

BATCH = 500


def plain(cell: Any) -> Any:
    """Return what JSON cannot say of a cell in a way that it can."""
    if isinstance(cell, datetime.datetime):
        return {"t": cell.isoformat()}
    if isinstance(cell, datetime.date):
        return {"d": cell.isoformat()}
    return {"s": str(cell)}


def batches(sheet: CalamineSheet) -> Iterator[list[list[Any]]]:
    """Return the rows of a sheet, some hundred at a time."""
    batch: list[list[Any]] = []
    for row in sheet.iter_rows():
        batch.append(row)
        if len(batch) == BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def main() -> None:
    """Write one line for each sheet, and after it its rows."""
    memory, seconds = int(sys.argv[1]), int(sys.argv[2])
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 5))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    encode = json.JSONEncoder(ensure_ascii=False, default=plain, separators=(",", ":")).encode
    out = io.TextIOWrapper(sys.stdout.buffer, "utf-8", newline="\n")
    try:
        book = load_workbook("/dev/stdin")
        for place, meta in enumerate(book.sheets_metadata):
            if meta.typ is not SheetTypeEnum.WorkSheet:
                continue
            sheet = book.get_sheet_by_index(place)
            told = {
                "name": meta.name,
                "is_hidden": meta.visible is not SheetVisibleEnum.Visible,
                "first_column": sheet.start[1] if sheet.start else 0,
                "height": sheet.end[0] + 1 if sheet.end else 0,
                "merged": sheet.merged_cell_ranges or [],
            }
            out.write(encode(told) + "\n")
            for batch in batches(sheet):
                out.write(encode(batch) + "\n")
            del sheet
        out.write(encode({"end": True}) + "\n")
    except PasswordError:
        out.write(encode({"end": False, "reason": "encrypted"}) + "\n")
    except MemoryError:
        out.write(encode({"end": False, "reason": "too-far"}) + "\n")
    except BaseException:  # noqa: BLE001 -- the library panics outside of Exception
        out.write(encode({"end": False, "reason": "broken"}) + "\n")
    out.flush()


if __name__ == "__main__":
    main()
