"""What Belenios can carry, and whose turn it is."""

import pytest

from portal.ballots.belenios import rules, setting_up
from portal.ballots.belenios.rules import Refusal, Round, Seat, Span
from portal.ballots.rules import Kind
from portal.core.errors import Refused

EVERYBODY = [(seat, step) for step in (Round.CERTIFY, Round.SHARE, Round.RECEIVE) for seat in Seat]


@pytest.mark.parametrize("kind", Kind)
def test_only_ticks_are_carried(kind: Kind) -> None:
    is_carried = kind in (Kind.YES_NO, Kind.SINGLE, Kind.APPROVAL)
    refusal = rules.why_not_carried(kind, answers=3, has_tool=True)
    assert refusal == (None if is_carried else Refusal.KIND_NOT_CARRIED)


def test_without_the_tool_or_with_too_many_answers_nothing_is_carried() -> None:
    assert rules.why_not_carried("yes-no", answers=3, has_tool=False) is Refusal.NO_TOOL
    assert rules.why_not_carried("approval", answers=94, has_tool=True) is None
    assert rules.why_not_carried("approval", answers=95, has_tool=True) is Refusal.TOO_MANY_ANSWERS


def test_how_many_may_be_ticked() -> None:
    assert rules.span_of("yes-no", least=1, most=1, answers=3) == Span(1, 1)
    assert rules.span_of("single", least=None, most=None, answers=5) == Span(1, 1)
    assert rules.span_of("approval", least=2, most=9, answers=4) == Span(2, 4)
    assert rules.span_of("approval", least=None, most=None, answers=4) == Span(1, 4)


@pytest.mark.parametrize(("electors", "slips"), [(10, 13), (60, 63), (61, 65), (1243, 1306)])
def test_spare_slips(electors: int, slips: int) -> None:
    assert rules.count_slips(electors) == slips


def test_each_round_waits_for_all_three() -> None:
    done: list[tuple[Seat, Round]] = []
    for seat, step in EVERYBODY:
        assert rules.next_round(done, seat, is_closed=False) is step
        done.append((seat, step))
        later = rules.next_round(done, seat, is_closed=False)
        assert later is None or len(done) % 3 == 0
    assert [rules.next_round(done, seat, is_closed=False) for seat in Seat] == [None] * 3
    assert {rules.next_round(done, seat, is_closed=True) for seat in Seat} == {Round.OPEN}
    done.append((Seat.COMMITTEE, Round.OPEN))
    assert rules.next_round(done, Seat.COMMITTEE, is_closed=True) is None


@pytest.mark.parametrize("typed", ["abc-DEF-gh1-234-Xyz", " abc DEFgh1 234Xyz ", "abcDEFgh1234Xyz"])
def test_a_code_is_read_however_it_is_typed(typed: str) -> None:
    assert rules.plain_credential(typed) == "abc-DEF-gh1-234-Xyz"


def test_slips_for_more_electors_than_can_be_checked_in_time_are_not_printed():
    assert rules.why_not_printed(rules.MOST_ELECTORS) is None
    assert rules.why_not_printed(rules.MOST_ELECTORS + 1) is Refusal.TOO_MANY_ELECTORS
    with pytest.raises(Refused, match="too-many-electors"):
        setting_up.draw_credentials(rules.MOST_ELECTORS + 1)
