"""Which policy counts, and what it holds back."""

import pytest

from portal.moderation import screening_rules as rules
from portal.moderation.rules import Hold, Mode
from portal.moderation.screening_rules import DEFAULT, Policy

PRE = Policy(mode=Mode.PRE)
FIRST = Policy(holds_first=True)
ALL = {
    ("", ""): PRE,
    ("plan", ""): FIRST,
    ("plan", "on_notice"): PRE,
    ("plan:3", ""): DEFAULT,
    ("room:3", "later"): PRE,
}


@pytest.mark.parametrize(
    ("place", "phase", "found"),
    [
        ("plan:3", "on_notice", DEFAULT),  # the place itself before the phase of all
        ("plan:4", "on_notice", PRE),
        ("plan:4", "in_force", FIRST),
        ("plan:4", "", FIRST),
        ("room:3", "", PRE),
        ("proposal:3", "", PRE),
    ],
)
def test_the_narrowest_policy_counts(place, phase, found):
    assert rules.choose_policy(ALL, place=place, phase=phase) is found


def test_without_a_policy_words_are_read_at_once():
    assert rules.choose_policy({}, place="plan:3", phase="on_notice") is DEFAULT
    assert rules.choose_policy({("room:3", "later"): PRE}, place="room:3") is DEFAULT


CALM = {"is_staff": False, "is_first": False, "has_links": False, "times_said": 0}


@pytest.mark.parametrize(
    ("policy", "facts", "why"),
    [
        (DEFAULT, {}, None),
        (DEFAULT, {"is_first": True}, None),
        (FIRST, {"is_first": True}, Hold.FIRST),
        (FIRST, {}, None),
        (DEFAULT, {"has_links": True}, Hold.LINKS),
        (Policy(holds_links=False), {"has_links": True}, None),
        (DEFAULT, {"times_said": 1}, None),
        (DEFAULT, {"times_said": 2}, Hold.REPEATED),
        (Policy(holds_repeated=False), {"times_said": 9}, None),
        (PRE, {}, Hold.PLACE),
        (PRE, {"has_links": True}, Hold.PLACE),
        (PRE, {"is_staff": True, "has_links": True, "times_said": 9}, None),
    ],
)
def test_what_a_policy_holds_back(policy, facts, why):
    assert rules.why_held(policy, **(CALM | facts)) == why


@pytest.mark.parametrize(
    ("text", "has"),
    [
        ("看 https://a.example/x", True),
        ("ｈｔｔｐｓ：／／ａ．ｅｘａｍｐｌｅ", True),
        ("加www.buy.cn", True),
        ("上taobao.com买", True),
        ("面积3.5亩,第2.1节", False),
        ("路灯坏了。请修", False),
        ("A.B两区", False),
    ],
)
def test_what_is_a_link(text, has):
    assert rules.has_links(text) is has


def test_the_same_is_counted_letter_by_letter():
    text = "请大家都来买我家的橘子!"
    assert (
        rules.count_same(text, ["请大家都来买我家的橘子", "请，大家都来买我家的橘子。", "别的"])
        == 2
    )
    assert rules.count_same("同意", ["同意", "同意"]) == 0
