"""Keys that were missing or on the wrong columns at others (trust.md §3); each test is seen to fail."""

import pytest
from sqlalchemy import Column, ForeignKey, Integer, MetaData, Table, UniqueConstraint, insert
from sqlalchemy.exc import IntegrityError

from portal.ballots.models import Turnout
from portal.ballots.rules import Refusal
from portal.core import clock
from portal.core.db import Base, db, transaction
from portal.people import service as people
from tests.ballots.conftest import approval, make_ballot, version
from tests.ballots.test_casting import drop_the_key
from tests.peer.test_votes import cast_by, votes_of

__all__ = ["approval", "make_ballot", "version"]

# --- P25: no unique key behind "one per person" ----------------------------------------------------

PEOPLE = {"resident", "household", "account"}
ONE_PER = {
    "access_code": "account_id",
    "account": "village_id resident_id",
    "allowed_word": "village_id compared",
    "answer_case": "comment_id",
    "answer_doubt": "comment_id",
    "attendance": "meeting_id resident_id",
    "attendance_sheet_agreement": "sheet_id resident_id",
    "attendance_sheet_name": "sheet_id resident_id",
    "ballot_elector": "ballot_id resident_id",
    "belenios_credentials": "ballot_id",
    "belenios_piece": "ballot_id round account_id",
    "comment": "resident_id client_key",
    "convening_task": "proposal_id",
    "council_item": "meeting_id proposal_id",
    "council_seats": "group_id",
    "councillor": "resident_id",
    "disclosure_objection": "case_id resident_id",
    "erasure": "account_id",
    "household_plot": "household_id feature_id",
    "idle_suggestion": "asset_id resident_id",
    "inbox_message": "event_id account_id kind",
    "inbox_wish": "account_id topic way",
    "interested_party": "version_id anchor resident_id",
    "media_file": "resident_id client_key",
    "meeting_arrival": "meeting_id resident_id",
    "meeting_member": "meeting_id resident_id",
    "message": "room_id resident_id client_key",
    "message_promotion": "message_id version_id",
    "minutes": "meeting_id",
    "moderation_appeal": "decision_id",
    "moderation_report": "resident_id subject_kind subject_id",
    "office_hour": "account_id on_day begins",
    "opinion_draft": "resident_id version_id",
    "opinion_group_member": "comment_id",
    "opinion_hearing": "version_id client_key",
    "outside_identity": "account_id provider",
    "paper_elector": "sheet_id resident_id",
    "paper_refused": "sheet_id resident_id",
    "points_account": "household_id",
    "points_transfer": "village_id idempotency_key",
    "post": "village_id account_id role begins_on",
    "privacy_notice_seen": "account_id version",
    "proposal": "resident_id client_key",
    "proposal_carried_out": "proposal_id",
    "proposal_draft": "resident_id",
    "proposal_support": "proposal_id resident_id",
    "recommendation": "proposal_id",
    "room_pin": "message_id",
    "room_pointer": "room_id account_id",
    "screening_policy": "village_id place phase",
    "survey_reply": "survey_id resident_id",
    "turnout": "ballot_id resident_id",
    "vouch": "recognition_id account_id",
    "word_list": "village_id key",
    # one at a time: the key holds while the thing runs
    "assisted_sitting": "resident_id",
    "attendance_correction": "meeting_id resident_id",
    "data_request": "account_id",
    "recognition": "resident_id",
    "representative": "resident_id",
    "resident": "household_id",
    "second_factor": "account_id",
}
"""What somebody does or is once, and the columns by which it is once."""
MANY_OF = {
    "account_session", "answer_move", "answer_reply", "attendance_sheet", "ballot_step", "consent",
    "disclosure_allowed", "disclosure_answer", "disclosure_case", "disclosure_certificate",
    "disclosure_doc", "disclosure_item", "disclosure_step", "duty", "evaluation", "facility",
    "idle_asset", "indicator_reading", "meeting", "meeting_step", "minutes_correction",
    "moderation_case", "moderation_decision", "moderation_sanction", "notice", "notice_channel",
    "notice_photo", "notice_span", "opinion_group", "paper_batch", "paper_sheet", "plan_change",
    "plan_import", "plan_step", "planner_visit", "project_progress", "proposal_step",
    "push_subscription", "roster_change", "roster_import", "sign_in_challenge", "village_profile",
    "work",
}  # fmt: skip
"""What somebody can do often, or where the person is only whoever entered it."""


def keys_of(table):
    """Return the columns of each unique key of a table."""
    found = [k.columns for k in table.constraints if isinstance(k, UniqueConstraint)]
    found += [index.columns for index in table.indexes if index.unique]
    return {frozenset(c.name for c in columns) for columns in [*found, table.primary_key.columns]}


def without_a_key(metadata, one_per=ONE_PER):
    """Return the tables about people that nobody thought of, and those whose key is not there."""
    about = {
        table.name: table
        for table in metadata.tables.values()
        if PEOPLE & {key.column.table.name for key in table.foreign_keys}
    }
    keyless = {
        name
        for name, columns in one_per.items()
        if name in about and frozenset(columns.split()) not in keys_of(about[name])
    }
    return keyless | (set(about) - set(one_per) - MANY_OF)


def test_p25_what_is_one_per_person_has_a_key():
    assert without_a_key(Base.metadata) == set()
    assert set(ONE_PER) | MANY_OF <= set(Base.metadata.tables)
    planted = MetaData()
    Table("resident", planted, Column("id", Integer, primary_key=True))
    Table("support", planted, Column("resident_id", ForeignKey("resident.id")))
    assert without_a_key(planted) == {"support"}
    assert without_a_key(planted, {"support": "resident_id"}) == {"support"}


# --- P48: the key on the wrong columns ------------------------------------------------------


def second_line(ballot_id, person):
    """Write a second line of turnout past all checks, with everything else new."""
    with transaction():
        facts = people.deed_facts(person.resident_id, now=clock.now())
        receipt = f"RECEIPT{votes_of(person.resident_id)[0]}"
        db.session.execute(
            insert(Turnout).values(ballot_id=ballot_id, key=receipt, receipt=receipt, **facts)
        )


def test_p48_the_key_is_of_the_ballot_and_not_of_the_option(approval, cast):
    number = approval.id
    with transaction():
        assert cast_by(approval, cast.vera.resident_id, 1) is None
        assert cast_by(approval, cast.vera.resident_id, 2) is Refusal.ALREADY_VOTED
    with pytest.raises(IntegrityError):
        second_line(number, cast.vera)
    drop_the_key()
    for _ in range(2):
        second_line(number, cast.max)
    assert votes_of(cast.max.resident_id)[0] == 2
