"""Reading workbooks: another process opens them (`core/opening.py`), under limits."""

import io
import json
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import IO, Any, BinaryIO

from portal.core.open_sheets import Cell, Limits, OpenSheet, Unread, Unreadable

OPENER = Path(__file__).with_name("opening.py")


def _from_json(value: dict[str, Any]) -> Any:
    if "d" in value:
        return date.fromisoformat(value["d"])
    if "t" in value:
        return datetime.fromisoformat(value["t"])
    return value.get("s", value)


def open_workbook(file: BinaryIO, limits: Limits) -> Iterator[OpenSheet]:
    """Give the sheets of an XLSX or XLS file, read by a process of its own."""
    asked = (limits.memory, limits.seconds, limits.whole)
    command = [sys.executable, "-I", str(OPENER), *map(str, asked)]
    with tempfile.TemporaryFile() as given, tempfile.TemporaryFile() as complaints:
        while chunk := file.read(1 << 20):
            given.write(chunk)
        given.seek(0)
        process = subprocess.Popen(  # noqa: S603 -- our own interpreter and script
            command, stdin=given, stdout=subprocess.PIPE, stderr=complaints
        )
        try:
            workbook = _Workbook(process.stdout or io.BytesIO(), limits)
            yield from workbook.sheets()
            process.wait()
            if not workbook.is_whole:
                complaints.seek(0)
                raise Unreadable(_why_ended(process.returncode, complaints.read(65536)))
        finally:
            process.kill()
            process.wait()
            if process.stdout is not None:
                process.stdout.close()


class _Workbook:
    """What the other process says: a line for each sheet, and after it lines of its rows."""

    def __init__(self, pipe: IO[bytes], limits: Limits) -> None:
        self.pipe, self.limits = pipe, limits
        self.told: dict[str, Any] = {}
        self.is_whole = False

    def sheets(self) -> Iterator[OpenSheet]:
        """Return the sheets; what nobody read of one is passed over."""
        self._skip(self._rows(0))
        while "name" in self.told:
            told, self.told = self.told, {}
            rows = self._rows(told["first_column"])
            merged = [(top, left, low, right) for (top, left), (low, right) in told["merged"]]
            yield OpenSheet(
                name=told["name"],
                rows=rows,
                merged=merged,
                is_hidden=told["is_hidden"],
                height=told["height"],
            )
            self._skip(rows)
        if "reason" in self.told:
            raise Unreadable(Unread(self.told["reason"]))
        self.is_whole = "end" in self.told

    def _skip(self, rows: Iterator[list[Cell]]) -> None:
        for _row in rows:
            pass

    def _rows(self, first_column: int) -> Iterator[list[Cell]]:
        pad: list[Cell] = [None] * first_column
        number = 0
        for line in self.pipe:
            batch = json.loads(line, object_hook=_from_json)
            if isinstance(batch, dict):
                self.told = batch
                return
            number += len(batch)
            if number > self.limits.rows:
                raise Unreadable(Unread.TOO_MANY_ROWS)
            if first_column + len(batch[0]) > self.limits.columns:
                raise Unreadable(Unread.TOO_FAR)
            for row in batch:
                yield pad + row if pad else row


def _why_ended(code: int, complaint: bytes) -> Unread:
    """Say why the process ended before its work: no memory left, no time left, or a bad file."""
    if b"memory allocation" in complaint or code == -signal.SIGKILL:
        return Unread.TOO_FAR
    return Unread.TOO_LARGE if code == -signal.SIGXCPU else Unread.BROKEN
