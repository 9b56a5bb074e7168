"""The rules of announcing, opening and casting, as tables. No app, no database."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.ballots import rules
from portal.ballots.profiles import PRESETS, Electorate, LegalEffect, Params
from portal.ballots.rules import Kind, Refusal, Secrecy, State, Unit
from portal.people.rules import age_on, born_until

OPENS, CLOSES = datetime(2030, 5, 1, 8, tzinfo=UTC), datetime(2030, 5, 1, 20, tzinfo=UTC)
TICK = timedelta(microseconds=1)


@dataclass(frozen=True, kw_only=True)
class Life:
    """The facts of a ballot that was announced and opened, but for what a case says otherwise."""

    secrecy: Secrecy = Secrecy.OPEN
    party_review_on: date | None = None
    announced_at: datetime | None = OPENS - timedelta(days=20)
    opened_at: datetime | None = OPENS
    closes_at: datetime = CLOSES
    prolonged_to: datetime | None = None
    closed_at: datetime | None = None
    counted_at: datetime | None = None
    disclosed_at: datetime | None = None
    objected_at: datetime | None = None
    set_aside_at: datetime | None = None
    archived_at: datetime | None = None
    suspended_at: datetime | None = None
    cancelled_at: datetime | None = None
    papers_wait: bool = False

    @property
    def ends_at(self) -> datetime:
        return self.closed_at or self.prolonged_to or self.closes_at


SEALED = {"secrecy": Secrecy.SEALED}


@pytest.mark.parametrize(
    ("now", "facts", "expected"),
    [
        (OPENS - TICK, {}, State.ANNOUNCED),
        (OPENS, {}, State.OPEN),
        (CLOSES - TICK, {}, State.OPEN),
        (CLOSES, {}, State.COUNTED),
        (CLOSES - TICK, {"opened_at": None}, State.ANNOUNCED),
        (CLOSES, {"opened_at": None}, State.NOT_HELD),
        (OPENS - TICK, {"announced_at": None}, State.DRAFT),
        (CLOSES, {"announced_at": None, "party_review_on": date(2030, 4, 1)}, State.PARTY_REVIEWED),
        (OPENS, {"suspended_at": OPENS}, State.SUSPENDED),
        (CLOSES, {"suspended_at": OPENS}, State.SUSPENDED),
        (CLOSES, SEALED | {"suspended_at": OPENS}, State.SUSPENDED),
        (CLOSES, {"prolonged_to": CLOSES + TICK}, State.OPEN),
        (CLOSES + TICK, {"prolonged_to": CLOSES + TICK}, State.COUNTED),
        (CLOSES - TICK, {"closed_at": CLOSES - TICK}, State.COUNTED),
        (CLOSES - 2 * TICK, {"closed_at": CLOSES - TICK}, State.OPEN),
        (CLOSES - TICK, SEALED, State.OPEN),
        (CLOSES, {"papers_wait": True}, State.CLOSED),
        (CLOSES, {"papers_wait": True, "counted_at": CLOSES}, State.COUNTED),
        (CLOSES, SEALED, State.CLOSED),
        (CLOSES, SEALED | {"counted_at": CLOSES}, State.COUNTED),
        (CLOSES, {"disclosed_at": CLOSES}, State.DISCLOSED),
        (CLOSES, {"disclosed_at": CLOSES, "archived_at": CLOSES}, State.ARCHIVED),
        (CLOSES, {"cancelled_at": OPENS}, State.CANCELLED),
        (CLOSES, {"disclosed_at": CLOSES, "objected_at": CLOSES}, State.OBJECTED),
        (CLOSES, {"disclosed_at": CLOSES, "set_aside_at": CLOSES}, State.SET_ASIDE),
    ],
)
def test_state(now, facts, expected):
    assert rules.state(Life(**facts), now=now) is expected


GOOD = {
    "state": State.OPEN,
    "is_resident": True,
    "is_elector": True,
    "has_voted": False,
    "is_remote": True,
    "content_unchanged": True,
    "params": Params(),
}


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({}, None),
        ({"is_resident": False}, Refusal.NOT_A_RESIDENT),
        ({"is_elector": False}, Refusal.NOT_AN_ELECTOR),
        ({"has_voted": True}, Refusal.ALREADY_VOTED),
        ({"has_voted": True, "state": State.CLOSED}, Refusal.ALREADY_VOTED),
        ({"state": State.ANNOUNCED}, Refusal.NOT_OPEN_YET),
        ({"state": State.CLOSED}, Refusal.CLOSED),
        ({"state": State.COUNTED}, Refusal.CLOSED),
        ({"state": State.NOT_HELD}, Refusal.NOT_HELD),
        ({"state": State.DRAFT}, Refusal.NOT_OPEN_YET),
        ({"state": State.SUSPENDED}, Refusal.SUSPENDED),
        ({"state": State.CANCELLED}, Refusal.CANCELLED),
        ({"content_unchanged": False}, Refusal.CONTENT_CHANGED),
        ({"params": Params(remote_counts=False)}, Refusal.REMOTE_NOT_ALLOWED),
        ({"params": Params(remote_counts=False), "is_remote": False}, None),
    ],
)
def test_why_not_vote(facts, expected):
    assert rules.why_not_vote(**(GOOD | facts)) is expected


@pytest.mark.parametrize(
    ("born_on", "min_age", "expected"),
    [
        (date(2008, 9, 1), 18, Refusal.NOT_AN_ELECTOR),
        (date(2008, 9, 2), 18, Refusal.TOO_YOUNG),
        (None, 18, Refusal.AGE_UNKNOWN),
        (None, None, Refusal.NOT_AN_ELECTOR),
        (date(2020, 1, 1), None, Refusal.NOT_AN_ELECTOR),
    ],
)
def test_why_not_an_elector(born_on, min_age, expected):
    params = Params(min_age=min_age)
    opened_on = date(2026, 9, 1)
    assert rules.why_not_an_elector(born_on=born_on, opened_on=opened_on, params=params) is expected


@pytest.mark.parametrize(
    ("units", "secrecy", "fewest", "expected"),
    [
        (0, Secrecy.OPEN, 10, Refusal.NO_ELECTORS),
        (1, Secrecy.OPEN, 10, None),
        (0, Secrecy.SEALED, 10, Refusal.NO_ELECTORS),
        (9, Secrecy.SEALED, 10, Refusal.TOO_FEW_FOR_SECRECY),
        (10, Secrecy.SEALED, 10, None),
        (10, Secrecy.SEALED, 30, Refusal.TOO_FEW_FOR_SECRECY),
        (9, Secrecy.BELENIOS, 10, Refusal.TOO_FEW_FOR_SECRECY),
    ],
)
def test_why_not_electorate(units, secrecy, fewest, expected):
    params = Params(secret_from=fewest)
    assert rules.why_not_electorate(units=units, secrecy=secrecy, params=params) is expected


HOUSEHOLDS_VOTE = {
    *("consultative", "consultative-all-ages", "village-meeting", "village-meeting-remote"),
    *("village-meeting-households", "group-meeting", "written-shanghai"),
}


@pytest.mark.parametrize("code", PRESETS)
def test_which_rules_let_households_vote_and_which_ask_for_names(code):
    """What asks for no quorum of households, households cannot decide (V2, V5, V9, V10, V11)."""

    def why(unit=Unit.PERSON, secrecy=Secrecy.OPEN):
        return rules.why_not_mode(params=PRESETS[code].params, unit=unit, secrecy=secrecy)

    assert why() is None
    by_household = None if code in HOUSEHOLDS_VOTE else Refusal.PERSONS_VOTE
    assert why(unit=Unit.HOUSEHOLD) is by_household
    for secrecy in (Secrecy.SEALED, Secrecy.BELENIOS):
        in_secret = Refusal.NAMES_ARE_ASKED if code == "written-shanghai" else None
        assert why(secrecy=secrecy) is in_secret


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({}, None),
        ({"public_key": ""}, Refusal.NO_KEY),
        ({"option_count": 94}, None),
        ({"option_count": 95}, Refusal.TOO_MANY_OPTIONS),
        ({"option_count": 95, "secrecy": Secrecy.OPEN, "public_key": ""}, None),
    ],
)
def test_why_not_key(facts, expected):
    good = {"secrecy": Secrecy.SEALED, "option_count": 3, "public_key": "a" * 64}
    assert rules.why_not_key(**(good | facts)) is expected


STATUTORY = PRESETS["village-meeting"].params
ANNOUNCED = {
    "kind": Kind.YES_NO,
    "params": STATUTORY,
    "announced_on": date(2026, 3, 1),
    "opens_on": date(2026, 3, 12),
    "opens_at": OPENS,
    "closes_at": CLOSES,
    "now": OPENS - timedelta(days=30),
    "option_count": 3,
    "party_review_on": date(2026, 3, 1),
    "party_review_note": "记录",
}


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({}, None),
        # ten days by the Civil Code: 1 March is not counted, 11 March 24:00 is the end (T1, T2)
        ({"opens_on": date(2026, 3, 11)}, Refusal.NOTICE_TOO_SHORT),
        ({"opens_on": date(2026, 3, 1), "params": Params()}, None),
        ({"party_review_on": None}, Refusal.NO_PARTY_REVIEW),
        ({"party_review_on": date(2026, 3, 2)}, Refusal.NO_PARTY_REVIEW),
        ({"party_review_note": " "}, Refusal.NO_PARTY_REVIEW),
        ({"party_review_on": None, "params": Params()}, None),
        ({"kind": Kind.APPROVAL}, Refusal.STATUTORY_IS_YES_NO),
        ({"kind": Kind.APPROVAL, "params": Params()}, None),
        ({"closes_at": OPENS}, Refusal.CLOSES_BEFORE_IT_OPENS),
        ({"now": CLOSES}, Refusal.CLOSES_IN_THE_PAST),
        ({"now": CLOSES - TICK}, None),
        ({"option_count": 0}, Refusal.NO_OPTIONS),
        ({"kind": Kind.SINGLE, "option_count": 1, "params": Params()}, Refusal.TOO_FEW_OPTIONS),
    ],
)
def test_why_not_announce(facts, expected):
    assert rules.why_not_announce(**(ANNOUNCED | facts)) is expected


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({"now": OPENS}, None),
        ({"now": CLOSES - TICK}, None),
        ({"now": OPENS - TICK}, Refusal.OPENS_LATER),
        ({"now": CLOSES}, Refusal.OPENED_TOO_LATE),
        ({"is_announced": False}, Refusal.NOT_ANNOUNCED),
        ({"is_open": True}, Refusal.ALREADY_OPEN),
        ({"content_frozen": False}, Refusal.PLAN_NOT_FROZEN),
    ],
)
def test_why_not_open(facts, expected):
    good = {
        "now": OPENS,
        "opens_at": OPENS,
        "closes_at": CLOSES,
        "is_announced": True,
        "is_open": False,
        "content_frozen": True,
    }
    assert rules.why_not_open(**(good | facts)) is expected


@given(st.integers(0, 120), st.dates(date(2016, 1, 1), date(2026, 12, 31)))
def test_an_age_survives_the_estimated_birth_date(age, day):
    assert age_on(born_until(day, age), day) == age


def test_receipt_codes_are_read_as_people_type_them():
    assert rules.grouped("0123456789ABCDEF") == "0123-4567-89AB-CDEF"
    assert rules.plain_code(" o123-4567 89ab-cdil") == "0123456789ABCD11"


@pytest.mark.parametrize("code", PRESETS)
def test_a_profile_survives_json(code):
    params = PRESETS[code].params
    assert Params.from_json(params.as_json()) == params


def test_presets_say_what_the_law_says():
    statutory = PRESETS["village-meeting"]
    assert statutory.params == Params(
        legal_effect=LegalEffect.STATUTORY,
        electorate=Electorate.REGISTERED,
        min_age=18,
        quorum=(1, 2),
        household_quorum=(2, 3),
        majority=(1, 2),
        remote_counts=False,
        notice_days=10,
        party_review=True,
    )
    assert "第二十二条" in statutory.citation
    assert PRESETS["consultative"].params.min_age == 18
    assert PRESETS["consultative-all-ages"].params.min_age is None


def test_an_unknown_parameter_is_refused():
    with pytest.raises(ValueError, match="surprise"):
        Params.from_json(Params().as_json() | {"surprise": 1})
