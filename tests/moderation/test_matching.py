"""Words are found however they are dressed up, and not where they only seem to be."""

import csv

import pytest

from bench import words as bench
from portal.moderation import built_in, matching, remembered, word_files
from portal.moderation.matching import (
    PRIVATE,
    Matcher,
    find_id_numbers,
    key_of,
    letters_of,
    mask,
    without_allowed,
)
from tests.real_data import real_data

WORDS = Matcher([("own", key_of(word)) for word in ("大麻", "傻逼", "sb", "賭博", "办Ｋ证")])
EVERYTHING = Matcher((ours.key, word) for ours in built_in.LISTS for word in ours.words())


def found(text, matcher=WORDS):
    return [text[hit.start : hit.end] for hit in matcher.find(letters_of(text))]


@pytest.mark.parametrize(
    ("text", "hits"),
    [
        ("种大麻", ["大麻"]),
        ("种 大 麻", ["大 麻"]),
        ("种大*麻", ["大*麻"]),
        ("种大\u200b麻", ["大\u200b麻"]),
        ("种大\u0301麻", ["大\u0301麻"]),
        ("ＳＢ", ["ＳＢ"]),
        ("你s.b啊", ["s.b"]),
        ("isbn 7-5063", []),
        ("his brother", []),
        ("赌博和賭博", ["赌博", "賭博"]),
        ("办k证", ["办k证"]),
        ("问题很大,麻烦您", []),  # a clause ends in between
        ("地方很大。麻袋", []),
        ("傻逼傻逼", ["傻逼", "傻逼"]),
        ("", []),
        ("𠮷大麻𠮷", ["大麻"]),
    ],
)
def test_where_a_word_is_found(text, hits):
    assert found(text) == hits


def test_names_pass_but_not_what_stands_beside_them():
    text = "大麻村的人种大麻"
    letters = letters_of(text)
    left = without_allowed(letters, WORDS.find(letters), ["大麻村"])
    assert [(hit.start, hit.end) for hit in left] == [(6, 8)]
    assert without_allowed(letters, WORDS.find(letters), ["大麻"]) == []
    assert len(without_allowed(letters, WORDS.find(letters), ["", "。"])) == 2


def test_a_mask_covers_the_words_alone():
    text = "你 傻 逼 啊"
    assert mask(text, WORDS.find(letters_of(text))) == "你 ＊ ＊ 啊"


@pytest.mark.parametrize(
    ("text", "is_found"),
    [
        ("他的号码11010519491231002X。", True),
        ("他的号码１１０１０５１９４９１２３１００２ｘ。", True),
        ("110105194912310021", False),
        ("911010519491231002X", False),
    ],
)
def test_identity_numbers_are_found_by_their_last_sign(text, is_found):
    assert [hit.list_key for hit in find_id_numbers(text)] == [PRIVATE] * is_found


@pytest.mark.parametrize(
    "text",
    [
        "垃圾桶放在村口太臭了,能不能挪一挪?",
        "今年玉米棒子没人收",
        "母猪补贴什么时候发",
        "村委会批的这块宅基地不公平,我不同意!",
        "规划把路修到村长家门口,大家都有意见",
        "去镇上办证要跑三趟",
        "这个方案是拍脑袋想出来的,根本没问过我们",
        "水渠里滚石头,小孩走不安全",
        "狗太多,晚上叫得睡不着",
        "老人打拳没有地方",
    ],
)
def test_what_villagers_say_of_their_plan_trips_nothing(text):
    """Criticism of the plan or the committee is no reason (domain.md S12)."""
    assert found(text, EVERYTHING) == []


def lexicon():
    folder = real_data("moderation/lexicon")
    files = sorted(folder.glob("*.txt")) if folder else []
    return {
        file.name: [word for word in file.read_text("utf-8").split() if len(key_of(word)) >= 2]
        for file in files
    }


def villages():
    file = real_data("moderation/village_names_that_trip_the_lists.csv")
    if file is None:
        return ["大麻村村民委员会", "盘古村委会"]
    with file.open(encoding="utf-8-sig", newline="") as rows:
        return [row["name"] for row in csv.DictReader(rows)]


def test_every_real_village_name_passes():
    """Under our lists as they are; under a lexicon that trips over them, in their own county."""
    names = villages()
    assert len(names) in (2, 78)
    assert [name for name in names if found(name, EVERYTHING)] == []
    words = [word for found_in in lexicon().values() for word in found_in] or ["大麻", "盘古"]
    hostile = Matcher(("lexicon", key_of(word)) for word in words)
    tripping = [name for name in names if found(name, hostile)]
    assert len(tripping) == len(names)  # the control: without the names none would pass
    for name in names:
        letters = letters_of(f"我是{name}的")
        assert without_allowed(letters, hostile.find(letters), remembered.forms_of(name)) == []


def test_what_is_said_of_our_lists_was_measured():
    """The figures on the committee's page are those that `bench/words.py` prints."""
    file = real_data("moderation/COLD_dev.csv.gz")
    if file is None:
        return
    measured = bench.measure(file)
    for ours in built_in.LISTS:
        assert measured[ours.key] == ours.measured


def test_signs_nobody_uses_fill_no_memory():
    letters_of("".join(map(chr, range(0x20000, 0x20000 + 21_000))))
    assert matching._plain.cache_info().currsize <= 20_000


def test_of_a_word_that_is_too_long_no_more_is_compared_than_a_word_has(monkeypatch):
    lengths = []
    monkeypatch.setattr(word_files, "key_of", lambda word: lengths.append(len(word)) or word)
    long = "长" * 50_000
    assert word_files.why_not_word(long) is word_files.Fault.TOO_LONG
    read = word_files.read(f"赌博\n{long}".encode(), is_csv=False)
    assert [wrong.fault for wrong in read.wrong] == [word_files.Fault.TOO_LONG]
    assert max(lengths) == word_files.LONGEST_WORD
