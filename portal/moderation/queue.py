"""The committee's queue: what waits, and many decisions handed in at once. Never commits."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from portal.core.access import Part
from portal.core.db import db
from portal.core.errors import Refused
from portal.moderation import items, ports, reports, service, word_lists
from portal.moderation.models import ModerationDecision, ModerationItem
from portal.moderation.reports import Reported
from portal.moderation.rules import Action, Code, Refusal
from portal.moderation.screening_models import WordHit
from portal.moderation.service import Waiting

PAGE = 50


@dataclass(frozen=True)
class Queued:
    """One thing in the queue: why it waits, the words, and what lists and residents found."""

    item: ModerationItem
    waiting: Waiting
    hits: Sequence[WordHit] = ()
    reported: Reported | None = None


@dataclass(frozen=True)
class Verdict:
    """What somebody decided about one thing, with the revision, words and reports on the page."""

    kind: str
    subject_id: int
    seen_revision: int
    action: Action
    code: Code | None = None
    seen_wording: int = 0
    seen_report: int = 0


@dataclass(frozen=True)
class Overtaken:
    """One that was not carried out, and the decision of somebody else that holds instead."""

    verdict: Verdict
    name: str
    reason: Refusal
    holds: ModerationDecision | None


@dataclass(frozen=True)
class Outcome:
    """What became of a page of decisions."""

    taken: Sequence[ModerationDecision]
    overtaken: Sequence[Overtaken]


def list_waiting(*, limit: int = PAGE) -> list[Queued]:
    """Return what waits, the longest first: two or three statements, and what each kind needs."""
    opened = items.list_open(kinds=ports.kinds(), limit=limit)
    waiting = [item for item, _revision, _is_reported in opened]
    found: dict[tuple[str, int], Waiting] = {}
    for kind in dict.fromkeys(item.subject_kind for item in waiting):
        these = {item.subject_id: seen for item, seen, _ in opened if item.subject_kind == kind}
        found |= {(kind, w.subject.subject_id): w for w in service.list_these(kind, these)}
    hits = word_lists.find_hits([item.id for item in waiting])
    reported = reports.find_these(
        [
            (item.subject_kind, item.subject_id)
            for item, _revision, is_reported in opened
            if is_reported
        ]
    )
    keys = ((item, (item.subject_kind, item.subject_id)) for item in waiting)
    return [
        Queued(item, found[key], hits.get(item.id, ()), reported.get(key))
        for item, key in keys
        if key in found
    ]


def count_waiting() -> int:
    """Return how many things wait for the committee."""
    return items.count_open(kinds=ports.kinds())


def decide_all(
    verdicts: Iterable[Verdict],
    *,
    account_id: int,
    resident_id: int | None,
    part: Part,
    now: datetime,
) -> Outcome:
    """Carry out each decision by itself: one that was overtaken leaves the others as they are."""
    taken: list[ModerationDecision] = []
    overtaken: list[Overtaken] = []
    for verdict in verdicts:
        try:
            with db.session.begin_nested():
                decision = service.decide(
                    kind=verdict.kind,
                    subject_id=verdict.subject_id,
                    action=verdict.action,
                    code=verdict.code,
                    note="",
                    seen_revision=verdict.seen_revision,
                    seen_wording=verdict.seen_wording,
                    seen_report=verdict.seen_report,
                    account_id=account_id,
                    resident_id=resident_id,
                    part=part,
                    now=now,
                )
            taken.append(decision)
        except Refused as refused:
            holds = service.find_last_decision(verdict.kind, verdict.subject_id)
            name = service.get_waiting(verdict.kind, verdict.subject_id).name
            overtaken.append(Overtaken(verdict, name, Refusal(refused.reason), holds))
    return Outcome(taken, overtaken)
