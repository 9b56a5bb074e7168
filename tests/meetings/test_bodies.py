"""Who sits in a representatives' meeting and who can ask for one: domain.md V6, V8."""

from datetime import date, timedelta

import pytest

from portal.core import clock
from portal.core.db import transaction
from portal.meetings import representing
from portal.meetings.bodies import (
    Composition,
    Lack,
    find_convening,
    find_seating,
    lacks,
    needed,
)
from portal.meetings.rules import Kind

ANJI, PUDONG, ELSEWHERE = "330523001001", "310115001001", "510101001001"
TODAY = date(2026, 11, 21)


@pytest.mark.parametrize(
    ("kind", "electors", "representatives", "expected"),
    [
        (Kind.VM, 1200, 30, (120, 10)),
        (Kind.VM, 1201, 31, (121, 11)),
        (Kind.VM, 1191, 0, (120, None)),
        (Kind.VR, 1200, 30, (None, 6)),
        (Kind.VR, 1200, 29, (None, 6)),
        (Kind.VR, 1200, 31, (None, 7)),
    ],
)
def test_who_can_ask_for_a_meeting(kind, electors, representatives, expected):
    rule = find_convening(kind, ELSEWHERE, on=TODAY)
    found = needed(rule, electors=electors, representatives=representatives)
    assert (found.electors, found.representatives) == expected
    if found.electors and rule.share:
        numerator, denominator = rule.share
        assert denominator * found.electors >= numerator * electors
        assert denominator * (found.electors - 1) < numerator * electors


def test_a_group_can_ask_where_its_region_says_so():
    assert find_convening(Kind.VG, ELSEWHERE, on=TODAY) is None
    group = find_convening(Kind.VG, PUDONG, on=TODAY)
    assert needed(group, electors=90, representatives=0).electors == 30
    assert needed(group, electors=91, representatives=0).electors == 31
    assert find_convening(Kind.VG, PUDONG, on=date(2020, 5, 13)) is None


GOOD = {
    "representatives": 45,
    "women": 18,
    "members": 50,
    "households": 400,
    "people": 1500,
    "households_twice": 0,
}


@pytest.mark.parametrize(
    ("place", "change", "lack"),
    [
        (ANJI, {"representatives": 50, "members": 62, "women": 21}, None),
        (
            ANJI,
            {"representatives": 50, "members": 63, "women": 21},
            Lack.TOO_FEW_OF_MEMBERS,
        ),
        (ANJI, {"representatives": 51, "women": 18, "members": 55}, Lack.TOO_FEW_WOMEN),
        (ANJI, {"representatives": 80, "members": 80, "women": 30}, None),
        (
            ANJI,
            {"representatives": 81, "members": 81, "women": 30},
            Lack.TOO_MANY_FOR_HOUSEHOLDS,
        ),
        (ANJI, {"representatives": 50, "households": 751}, Lack.TOO_FEW_FOR_HOUSEHOLDS),
        (ANJI, {"representatives": 49}, Lack.TOO_FEW_HEADS),
        (ANJI, {"representatives": 40, "people": 999}, None),
        (ANJI, {"representatives": 39, "people": 500, "members": 40}, Lack.TOO_FEW_HEADS),
        (ANJI, {"people": 499, "members": 33, "representatives": 29}, Lack.TOO_FEW_HEADS),
        (ANJI, {"representatives": 50, "households_twice": 1}, Lack.TWO_OF_A_HOUSEHOLD),
        (ELSEWHERE, {}, None),
        (ELSEWHERE, {"households_twice": 2}, None),
        (ELSEWHERE, {"representatives": 40}, None),
        (ELSEWHERE, {"representatives": 39}, Lack.TOO_FEW_OF_MEMBERS),
        (ELSEWHERE, {"women": 16}, Lack.TOO_FEW_WOMEN),
        (ELSEWHERE, {"members": 30, "representatives": 27}, None),
        (ELSEWHERE, {"members": 30, "representatives": 26}, Lack.TOO_FEW_FOR_HOUSEHOLDS),
        (PUDONG, {"members": 40, "representatives": 34}, Lack.TOO_FEW_HEADS),
        (PUDONG, {"members": 40, "representatives": 35}, None),
    ],
)
def test_who_represents_the_village(place, change, lack):
    seating = find_seating(place, on=TODAY)
    assert lacks(Composition(**GOOD | change), seating) == ([lack] if lack else [])


def test_everybody_reads_how_many_must_ask(browse, at, cast):
    today = clock.today(clock.now())
    with transaction():
        representing.add(
            cast.vera.resident_id,
            begins_on=today,
            ends_on=today + timedelta(days=900),
            account_id=None,
            now=clock.now(),
        )
    page = browse(None).get(at("/meetings")).get_data(as_text=True)
    assert "谁可以要求开会" in page
    assert "村民会议：有 1 名以上有选举权的村民，或者 1 名以上村民代表要求" in page
    assert "村民代表会议：有 1 名以上村民代表要求" in page
