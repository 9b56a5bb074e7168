"""Puts a row into every table of both villages, and words into every column that is empty there.

So a new table or column is in the world by itself; what its keys demand is said in `FACTS`.
"""

import hashlib
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import (
    JSON,
    Boolean,
    Date,
    Enum,
    Integer,
    LargeBinary,
    String,
    func,
    insert,
    select,
    update,
)

from portal.core.db import Base, UtcDateTime, db, transaction
from portal.core.scope import all_villages
from tests.tampering import without_triggers

# What a made-up row cannot guess: table -> column -> value (or a function of who and when).
FACTS: dict[str, dict[str, Any]] = {
    "disclosure_step": {"position": 99, "before": "draft", "after": "draft", "account_id": None},
    "delivery": {"state": "given-up", "sent_at": None, "target": "13800000000"},
    "inbox_message": {"path": "/v/330523999201/", "event_id": 1},
    "notice_span": {"length": 30},
    "data_request": {"state": "open", "ended_at": None, "ended_by_id": None},
    "recognition": {"state": "open", "ended_at": None, "ended_by_id": None},
    "plan_import": {
        "target": "draft",
        "state": "prepared",
        "ended_at": None,
        "ended_by_id": None,
        "made_id": None,
        "prepared_by_id": lambda who, now: _staff(who),
        "choices": lambda who, now: {"a": {"kind": f"Q8{who['account_id']:05}Z", "crs": ""}},
        "said": lambda who, now: {
            "given": ["goals"],
            "tables": {"goals": {"count": 1, "first": [f"Q6{who['account_id']:05}Z"]}},
            "layers": [],
            "faults": [],
            "fault_count": 0,
            "notes": [],
        },
    },
    "media_file": {"owner_kind": None, "owner_id": None},
    "log_leaf": {"log": "urn:1", "leaf_sha256": "0" * 64},
    "checkpoint": {"log": "urn:1", "root": "0" * 64, "signature": "0" * 128},
    "roster_seal": {"root": "0" * 64},
    "indicator_reading": {"value": Decimal("12.5")},
    "evaluation_line": dict.fromkeys(("base", "target", "expected", "current"), Decimal("12.5")),
    "ballot_tally": {
        "ballot_id": lambda who, now: _ballot(who),
        "content": lambda who, now: {
            "manifest_sha256": "0" * 64,
            "valid": 0,
            "invalid": 0,
            "sums": [0] * _options(_ballot(who)),
            "batches": 0,
            "detail": {},
        },
    },
    "ballot_change": {"turn": 2},
    "answer_reply": {
        "drafted_by": lambda who, now: who["account_id"],
        "checked_by": lambda who, now: _another(who),
    },
    "paper_batch": {
        "witness_id": lambda who, now: who["account_id"],
        "second_witness_id": lambda who, now: _another(who),
    },
    "paper_sheet": {
        "papers": 1,
        "invalid": 1,
        "ballot_id": lambda who, now: _ballot(who),
        "counts": lambda who, now: [[_options(_ballot(who)) * [0], f"Q3{who['account_id']:05}Z"]],
        "entered_by": lambda who, now: who["account_id"],
        "supervisor_id": lambda who, now: _another(who),
        "witness_id": lambda who, now: _another(who, func.max),
        "withdrawn_at": None,
    },
    "belenios_archive": {"record_number": None},
    "minutes": dict.fromkeys(
        ("first_by", "first_at", "second_by", "second_at", "content_sha256", "record_number")
    ),
    "minutes_correction": {"record_number": 1_000_000},
    "convening_task": {"meeting_id": None, "met_at": None},
    "recommendation": {"yes": 2, "no": 0, "abstain": 0, "present": 2, "outcome": "plan"},
    "proposal_carried_out": {"ballot_id": None, "comment_id": None, "duty_id": None},
    "urn": {"ciphertext": bytes(176)},
    "duty": {"kind": "other", "subject_id": None},
    "household_plot": {
        "household_id": lambda who, now: _household(who),
        "resident_id": lambda who, now: who["resident_id"],
    },
    "comment_spot": {"longitude": Decimal("118.5"), "latitude": Decimal("29.25")},
    "plan_facility": {"longitude": Decimal("118.5"), "latitude": Decimal("29.25")},
    "analysis_setting": {
        "tolerance_percent": Decimal("0.10"),
        "pairs": [["ecological_redline", "village_boundary"]],
        **dict.fromkeys(("construction_cap_percent", "eco_cap_percent"), Decimal("8.5")),
        **dict.fromkeys(("per_capita_cap_m2", "linked_quota_ha"), Decimal(120)),
    },
    "conflict_check": {
        "tolerance_percent": Decimal(0),
        "pairs": [["ecological_redline", "village_boundary", 1, 1, 1]],
    },
    "spatial_conflict": {
        "first_set": "ecological_redline",
        "second_set": "village_boundary",
        "share_percent": Decimal("12.50"),
        "geometry": {
            "type": "Polygon",
            "coordinates": [[[118.5, 29.25], [118.501, 29.25], [118.5, 29.251], [118.5, 29.25]]],
        },
    },
    "intensity_light": {"value": Decimal("8.1"), "cap": Decimal("8.5")},
    "scenario": {
        "base_year": 2025,
        "target_year": 2035,
        "facts": {"people": "1500", "cap_ha": "18", "farmland_ha": "80"},
        "parameters": {
            "growth_percent": "-0.5",
            "migration": "0",
            "household_size": "3",
            "land_m2": "90",
            "occupied_ha": "0.2",
            "reclaimed_ha": "0.8",
            "build_cost": "300",
            "reclaim_cost": "60",
        },
        "formula": 1,
        "retired_at": None,
    },
    "plan_control_rule": {"subject": "zone:0202"},
    "plan_structure_line": {"code": "0101", "base_ha": Decimal("1.5"), "target_ha": Decimal("1.5")},
    "second_factor": {"kind": "passkey", "credential_id": lambda who, now: f"c{who['account_id']}"},
    "roster_change": {"fields": lambda who, now: {"name": ["", f"Q7{who['account_id']:05}Z"]}},
    "moderation_month": {
        "begins_on": date(2026, 1, 1),
        "content": "key,what,figure\r\nwritten,Written,7\r\n",
    },
    "moderation_sanction": {"ends_at": lambda who, now: now + timedelta(days=1)},
    "roster_import": {
        "state": "done",
        "reason": "They came back",
        "confirmed_by_id": None,
        "decided": {},
    },
}
# Tables that get one more row: what is in them cannot be changed.
ALSO = {"access_log", "disclosure_step", "roster_change"}
# Rows that exist, and get what was left empty in them.
FILLED: dict[str, dict[str, Any]] = {
    "resident": {
        "id_digest": lambda who, now: f"{who['resident_id']:064x}",
        "id_last4": "123X",
        "second_contact": "13900000000",
        "is_registered": False,
        "admitted_on": date(2025, 3, 1),
    },
    "account": {"pin_digest": "a digest", "phone": lambda who, now: f"139{who['account_id']:08}"},
    "account_session": {"label": "Chrome · Android", "phone": "13800000000"},
    "post": {"end_reason": "Moved away"},
    "disclosure_case": {
        "due_on": date(2026, 1, 5),
        "body": lambda who, now: [
            {"title": f"Q5{who['account_id']:05}Z", "text": "", "rows": []},
        ],
    },
    "assisted_sitting": {"note": "At home"},
    "data_request": {"answer": "It was put right"},
    "recognition": {"note": "Came back from town"},
    "map_layer": {"filename": "layer.geojson"},
    "notice": {
        "let_stand": lambda who, now: [f"Q4{who['account_id']:05}Z"],
        "let_stand_reason": "It is the contact that the law asks for",
    },
    "duty": {"done_on": date(2026, 1, 6), "done_note": "The road is open"},
    "interested_party": {"opinion": "It is too near", "said_at": lambda who, now: now},
    "inbox_message": {
        "kind": "an earlier kind",
        "facts": lambda who, now: {"name": f"Q9{who['account_id']:05}Z"},
    },
}


def furnish(owners: dict[int, dict], *, now: datetime) -> None:
    """Furnish both villages; `owners` are the players whose things it will be, by village."""
    frozen = without_triggers("ballot_key_holder")  # also of a vote that is announced
    with transaction(), all_villages("both villages are furnished"), frozen:
        for village_id, who in owners.items():
            for table in Base.metadata.sorted_tables:
                if "village_id" in table.c and (
                    table.name in ALSO or not _count(table, village_id)
                ):
                    values = _row(table, village_id, who, now)
                    db.session.execute(insert(table).values(**values))
            with without_triggers("map_layer"):  # also that of a frozen plan has a file
                for name, facts in FILLED.items():
                    _fill(Base.metadata.tables[name], facts, village_id, who, now)


def _count(table, village_id) -> int:
    query = select(func.count()).select_from(table).where(table.c.village_id == village_id)
    return db.session.scalar(query) or 0


def _row(table, village_id, who, now) -> dict[str, Any]:
    facts = FACTS.get(table.name, {})
    values: dict[str, Any] = {}
    for column in table.columns:
        if column.name == "id":
            continue
        if column.name in facts:
            values[column.name] = _told(facts[column.name], who, now)
        elif column.name == "village_id":
            values["village_id"] = village_id
        elif column.name in ("account_id", "resident_id"):
            values[column.name] = who[column.name]
        else:
            values[column.name] = _guess(column, village_id, now)
    return values


def _household(who) -> int:
    table = Base.metadata.tables["resident"]
    return db.session.scalar(
        select(table.c.household_id).where(
            table.c.id == who["resident_id"], table.c.village_id.is_not(None)
        )
    )


def _ballot(who) -> int:
    """Return the id of the first ballot of the same village."""
    ballot = Base.metadata.tables["ballot"]
    place = select(Base.metadata.tables["account"].c.village_id)
    place = place.where(Base.metadata.tables["account"].c.id == who["account_id"])
    query = select(func.min(ballot.c.id)).where(ballot.c.village_id == place.scalar_subquery())
    return db.session.scalar(query)


def _options(ballot_id) -> int:
    """Return how many options a ballot has."""
    option = Base.metadata.tables["ballot_option"]
    query = select(func.count()).select_from(option).where(option.c.ballot_id == ballot_id)
    return db.session.scalar(query)


def _another(who, pick=func.min) -> int:
    """Return the id of somebody else's account in the same village: the first, or the last."""
    account = Base.metadata.tables["account"]
    place = select(account.c.village_id).where(account.c.id == who["account_id"])
    return db.session.scalar(
        select(pick(account.c.id)).where(
            account.c.village_id == place.scalar_subquery(), account.c.id != who["account_id"]
        )
    )


def _staff(who) -> int:
    """Return somebody with a post in the village of this player."""
    table = Base.metadata.tables["post"]
    village = select(Base.metadata.tables["account"].c.village_id)
    here = village.where(Base.metadata.tables["account"].c.id == who["account_id"])
    return db.session.scalar(
        select(func.min(table.c.account_id)).where(table.c.village_id == here.scalar_subquery())
    )


def _told(value, who, now):
    return value(who, now) if callable(value) else value


def _guess(column, village_id, now) -> Any:
    if column.foreign_keys:
        wanted = next(iter(column.foreign_keys)).column
        query = select(wanted).order_by(wanted.table.c.id).limit(1)
        if "village_id" in wanted.table.c:
            query = query.where(wanted.table.c.village_id == village_id)
        return db.session.scalar(query)
    kind = column.type
    if isinstance(kind, Enum):
        return kind.enums[0]
    if isinstance(kind, UtcDateTime):
        return now + timedelta(days=1) if column.name == "expires_at" else now
    for python, value in (
        (Boolean, False), (Integer, 1), (Date, now.date()), (JSON, []), (LargeBinary, b"file"),
    ):  # fmt: skip
        if isinstance(kind, python):
            return value
    if column.name.endswith(("digest", "sha256")):
        return hashlib.sha256(f"{column} {village_id}".encode()).hexdigest()
    assert isinstance(kind, String), f"{column}: say in FACTS what stands there"
    return f"{column.name} {village_id}"[: kind.length]


def _fill(table, facts, village_id, who, now) -> None:
    """Fill the row of this player, or the first of the village."""
    key = {"resident": who["resident_id"], "account": who["account_id"]}.get(table.name)
    if key is None:
        whose = table.c.get("account_id", table.c.id) == who["account_id"]
        of_theirs = select(func.min(table.c.id)).where(table.c.village_id == village_id, whose)
        any_one = select(func.min(table.c.id)).where(table.c.village_id == village_id)
        key = db.session.scalar(of_theirs) or db.session.scalar(any_one)
    values = {name: _told(value, who, now) for name, value in facts.items()}
    db.session.execute(
        update(table).where(table.c.id == key, table.c.village_id == village_id).values(**values)
    )
