"""Words and the files that go with them, on their way through the screening to where they stand.

Whoever keeps something that people write gathers what was sent, has its `text` screened, parts what
came back, writes the row, and attaches the files to it, all in one transaction.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from portal.media import rules as media_rules
from portal.media import service as media
from portal.moderation import writing


@dataclass(frozen=True)
class Sent:
    """Cleaned words, the keys of files, and what was typed of the recordings among them."""

    body: str
    keys: tuple[str, ...] = ()
    transcripts: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """Return all words of it, for the screening."""
        return media_rules.join(self.body, list(self.transcripts))

    def part(self, screened: str) -> tuple[str, list[str]]:
        """Return the body and the transcripts as they came back from the screening."""
        return media_rules.part(screened, len(self.transcripts))

    def attach(
        self,
        kind: str,
        owner_id: int,
        transcripts: Sequence[str],
        *,
        resident_id: int,
        now: datetime,
    ) -> None:
        """Bind the files to the row that was written. Raises Refused."""
        media.attach(
            kind, owner_id, self.keys, resident_id=resident_id, now=now, transcripts=transcripts
        )


def gather(body: str, keys: Sequence[str], *, resident_id: int | None) -> Sent:
    """Return what was sent; files without a word get a sign in its place. Raises Refused.

    Only residents have files.
    """
    body = writing.clean(body)
    if not keys or resident_id is None:
        return Sent(body)
    files = media.waiting(keys, resident_id=resident_id)
    return Sent(
        body or media_rules.sign_of([file.kind for file in files]),
        tuple(file.client_key for file in files),
        tuple(writing.clean(file.transcript) for file in files if file.transcript),
    )
