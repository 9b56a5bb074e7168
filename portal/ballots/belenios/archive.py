"""Reading the public archive of an election, which is a tar file: what happened, in its order."""

import json
import tarfile
from dataclasses import dataclass
from enum import StrEnum
from io import BytesIO
from typing import Any

from portal.ballots.belenios.tool import Failed


class Happening(StrEnum):
    """What Belenios calls the events of an election."""

    SETUP = "Setup"
    BALLOT = "Ballot"
    END = "EndBallots"
    TALLY = "EncryptedTally"
    PART = "PartialDecryption"
    RESULT = "Result"


@dataclass(frozen=True)
class Event:
    """Something that happened, and the SHA-256 of what it brought."""

    what: Happening
    payload: str


@dataclass(frozen=True)
class Archive:
    """The archive, read: its events in their order and its files by their SHA-256."""

    events: tuple[Event, ...]
    files: dict[str, bytes]

    @property
    def election(self) -> dict[str, Any]:
        """Return what the election is: its question, its key, its name."""
        return json.loads(self.file_of("election"))

    @property
    def credentials(self) -> frozenset[str]:
        """Return the public halves of the good credentials."""
        return frozenset(json.loads(self.file_of("credentials")))

    @property
    def ballots(self) -> tuple[str, ...]:
        """Return the trackers of the ballots: SHA-256 as hex digits, in the archive's order."""
        return tuple(event.payload for event in self.events if event.what is Happening.BALLOT)

    @property
    def opened_by(self) -> tuple[int, ...]:
        """Return the trustees who gave their part of the opening, counted from 1."""
        parts = [event.payload for event in self.events if event.what is Happening.PART]
        return tuple(self._loaded(part)["owner"] for part in parts)

    @property
    def sums(self) -> tuple[int, ...] | None:
        """Return how often each answer was ticked, or None before the box is opened."""
        for event in self.events:
            if event.what is Happening.RESULT:
                return tuple(self._loaded(event.payload)["result"][0])
        return None

    def file_of(self, name: str) -> bytes:
        """Return the election itself, its trustees or its credentials, as they were set up."""
        return self.files[self._set_up()[name]]

    def has(self, what: Happening) -> bool:
        """Tell whether this has happened."""
        return any(event.what is what for event in self.events)

    def _set_up(self) -> dict[str, Any]:
        return self._loaded(self.events[0].payload)

    def _loaded(self, sha256: str) -> Any:
        return json.loads(self.files[sha256])


def read(archive: bytes) -> Archive:
    """Read an archive; raise Failed if it is none. Whether it holds is for the tool to say."""
    try:
        return _read(archive)
    except (tarfile.TarError, ValueError, KeyError) as broken:
        raise Failed("archive", "cannot be read") from broken


def _read(archive: bytes) -> Archive:
    events, files = [], {}
    with tarfile.open(fileobj=BytesIO(archive)) as box:
        for member in box:
            part = box.extractfile(member)
            content = part.read() if part else b""
            if member.name.endswith(".event.json"):
                said = json.loads(content)
                events.append(Event(Happening(said["type"]), said.get("payload", "")))
            elif member.name.endswith(".data.json"):
                files[member.name.removesuffix(".data.json")] = content
    return Archive(tuple(events), files)


def uuid_of(archive: bytes) -> str:
    """Return the name of the election, which is the name of its file before `.bel`."""
    return str(read(archive).election["uuid"])
