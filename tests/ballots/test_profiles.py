"""The rules as data: what each preset says, where it holds."""

from datetime import date

import pytest
from flask_babel import force_locale

from portal.ballots.profiles import (
    PRESETS,
    Base,
    LegalEffect,
    Params,
    Unit,
    is_in,
    list_presets,
)
from portal.ballots.rule_words import NAMES, need_lines, share_words

ANJI, PUDONG, ELSEWHERE = "330523001001", "310115001001", "510101001001"
TODAY = date(2026, 11, 21)


def test_profiles_of_before_can_still_be_read():
    old = {
        "legal_effect": "statutory",
        "electorate": "registered",
        "min_age": 18,
        "quorum": [1, 2],
        "household_quorum": [2, 3],
        "majority": [1, 2],
        "remote_counts": False,
        "notice_days": 10,
        "party_review": True,
    }
    assert Params.from_json(old) == PRESETS["village-meeting"].params
    assert Params.from_json({}) == Params()


@pytest.mark.parametrize("code", PRESETS)
def test_every_preset_is_whole(code):
    preset = PRESETS[code]
    assert preset.code == code
    assert len(code) <= 40
    assert 0 < len(preset.citation) <= 400
    assert len(preset.region_code) == 12
    assert preset.valid_from <= TODAY
    params = preset.params
    is_statutory = params.legal_effect is LegalEffect.STATUTORY
    assert (params.majority is not None) is is_statutory, "consultations decide nothing"
    assert is_statutory or (params.quorum is None and params.household_quorum is None)
    assert not preset.instead_of or preset.instead_of in PRESETS


def test_only_the_meetings_of_the_village_decide_on_plans():
    assert {code for code, preset in PRESETS.items() if preset.params.decides_plans} == {
        "village-meeting",
        "village-meeting-remote",
        "village-meeting-households",
        "representatives",
        "representatives-zhejiang",
        "representatives-shanghai",
    }


def test_what_is_counted_of_whom():
    assert PRESETS["village-meeting-households"].params.unit is Unit.HOUSEHOLD
    of_all = {code for code, p in PRESETS.items() if p.params.majority_of is Base.ALL}
    assert of_all == {"collective", "land", "land-representatives", "party-meeting"}
    assert PRESETS["collective"].params.remote_counts
    assert PRESETS["written-shanghai"].params.real_name
    assert all(preset.params.secret_from == 10 for preset in PRESETS.values())


def test_a_region_has_its_own_rules_instead_of_the_nations():
    codes = {place: {p.code for p in list_presets(place)} for place in (ANJI, PUDONG, ELSEWHERE)}
    assert codes[ANJI] - codes[ELSEWHERE] == {"representatives-zhejiang"}
    assert codes[ELSEWHERE] - codes[ANJI] == {"representatives"}
    assert codes[PUDONG] - codes[ELSEWHERE] == {"representatives-shanghai", "written-shanghai"}
    notice = {p.code: p.params.notice_days for p in list_presets(PUDONG)}
    assert notice["representatives-shanghai"] == 10
    assert is_in("000000000000", ELSEWHERE)
    assert not is_in("330000000000", PUDONG)
    assert is_in("500000000000", "500101001001")
    assert not is_in("500000000000", ELSEWHERE), "Chongqing is not the whole southwest"
    assert not is_in("331000000000", "331101001001")
    assert is_in("330523001001", ANJI)


@pytest.mark.parametrize("language", ["zh_Hans", "en"])
@pytest.mark.parametrize("database", ["sqlite"])
def test_every_rule_says_what_it_needs(app, language):
    told = {"hans": "三分之二以上", "en": "two thirds"}[language.partition("_")[2].lower() or "en"]
    with app.test_request_context(), force_locale(language):
        for code, preset in PRESETS.items():
            assert str(NAMES[code])
            lines = need_lines(preset.params)
            assert bool(lines) is (preset.params.legal_effect is LegalEffect.STATUTORY)
        assert told in "".join(need_lines(PRESETS["collective"].params))
        assert "5" in share_words((4, 5), inclusive=True)
