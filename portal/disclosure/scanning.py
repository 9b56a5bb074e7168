"""The privacy scan before publication: the content, then the PDFs' words and metadata."""

import hashlib
import json
import re
from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select

from portal.core import scope
from portal.core.db import db
from portal.core.errors import Refused
from portal.core.pdf.reading import read_words
from portal.core.traces import Finding, find_in_words
from portal.disclosure import rules
from portal.disclosure.life_models import DisclosureAllowed
from portal.disclosure.rules import Refusal
from portal.people import naming
from portal.people.service import Village

NOT_SCANNED = frozenset({"office", "verify_url", "comment_url", "village_code"})
_DIGEST_LINE = re.compile(r"[0-9a-f]{8}( [0-9a-f]{8}){3}|[0-9a-f]{64}")


def names_to_find(village: Village, *, now: datetime) -> frozenset[str]:
    """Return the names of the roster that have no place in a document."""
    with scope.village_scope(village.id):
        return naming.names_to_find(village.code, now=now)


def scan_content(content: str, names: frozenset[str]) -> list[Finding]:
    """Return what the scan finds in a canonical JSON."""
    return rules.find_personal_data(content, skip=NOT_SCANNED, names=names)


def scan_files(
    content: str, files: Iterable[bytes], names: frozenset[str], found: Iterable[Finding]
) -> list[Finding]:
    """Return what stands in the PDFs, words or metadata, and was not found in the content.

    What the office says of itself, such as its telephone, is meant to stand there.
    """
    office = json.loads(content)["head"]["office"]
    meant = {finding.sha256 for finding in find_in_words(office.items(), names)}
    known = meant | {finding.sha256 for finding in found}
    printed = (
        (f"page {run.page}" if run.page else "metadata", run.words)
        for file in files
        for run in read_words(file)
        if not _DIGEST_LINE.fullmatch(run.words.strip())
    )
    fresh: dict[str, Finding] = {}
    for finding in find_in_words(printed, names):
        if finding.sha256 not in known:
            fresh.setdefault(finding.sha256, finding)
    return list(fresh.values())


def list_allowed(case_id: int) -> list[DisclosureAllowed]:
    """Return the findings that the committee lets stand in this document."""
    query = select(DisclosureAllowed).where(DisclosureAllowed.case_id == case_id)
    return list(db.session.scalars(query.order_by(DisclosureAllowed.id)))


def without_allowed(case_id: int, findings: Iterable[Finding]) -> list[Finding]:
    """Return the findings that nobody let stand."""
    allowed = {row.finding_sha256 for row in list_allowed(case_id)}
    return [finding for finding in findings if finding.sha256 not in allowed]


def allow(
    case_id: int,
    finding: Finding,
    *,
    reason: str,
    account_id: int | None,
    now: datetime,
) -> DisclosureAllowed:
    """Let a finding stand in one document, with the reason. Raises Refused."""
    if not reason.strip():
        raise Refused(Refusal.NO_REASON)
    if finding.sha256 in {row.finding_sha256 for row in list_allowed(case_id)}:
        raise Refused(Refusal.ALLOWED_ALREADY)
    row = DisclosureAllowed(
        case_id=case_id,
        finding_sha256=finding.sha256,
        masked=finding.masked,
        reason=reason.strip(),
        account_id=account_id,
        done_at=now,
    )
    db.session.add(row)
    db.session.flush()
    return row


def sha256(content: bytes) -> str:
    """Return the SHA-256 of bytes, in hexadecimal digits."""
    return hashlib.sha256(content).hexdigest()
