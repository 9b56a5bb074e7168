"""Files in Pabulib's format: every kind of vote in and out again, and every fault with its line."""

import re
from collections import Counter
from pathlib import Path

import pytest
from flask_babel import force_locale
from hypothesis import given
from hypothesis import strategies as st

from portal.ballots import exporting, pb, preflib
from portal.ballots.fault_words import FAULTS, words_of
from portal.ballots.papers import why_not_paper
from portal.ballots.pbfile import Fault, Reason
from portal.ballots.pbvotes import LARGEST, to_day, to_number
from portal.ballots.rules import Kind
from portal.core import clock

SMALL = (Path(__file__).parent / "files" / "small.pb").read_text()
HEAD = """META
key;value
unit;Town
num_projects;3
num_votes;3
budget;100
rule;greedy
date_begin;2024-05-01
date_end;2024-05-14
"""
PROJECTS = "PROJECTS\nproject_id;cost;votes;score;name;category\nA;60;3;{};Road;x\nB;40;2;{};Tree;\nC;30;2;{};Well;y\n"
ORDINAL = (
    f"{HEAD}vote_type;ordinal\nmin_length;2\nmax_length;3\n"
    + PROJECTS.format(8, 4, 4)
    + "VOTES\nvoter_id;vote;voting_method\n1;A,B,C;internet\n2;C,A;paper\n3;A,B;internet\n"
)
CUMULATIVE = (
    f"{HEAD}vote_type;cumulative\nmin_sum_points;2\nmax_sum_points;10\n"
    + PROJECTS.format(12, 7, 6)
    + "VOTES\nvoter_id;vote;points\n1;A,B,C;5,3,2\n2;C,A;4,3\n3;A,B;4,4\n"
)
SCORING = (
    f"{HEAD}vote_type;scoring\nmin_points;1\nmax_points;5\nmin_project_score_threshold;7\n"
    + PROJECTS.format(12, 7, 6)
    + "VOTES\nvoter_id;vote;points\n1;A,B,C;5,3,2\n2;C,A;4,3\n3;A,B;4,4\n"
)
BUDGET = SMALL.replace("rule;greedy", "rule;greedy-no-skip\nmax_sum_cost;1000")


@pytest.mark.parametrize(
    ("text", "kind", "paper", "sums"),
    [
        (SMALL, Kind.APPROVAL, (1, 1, 0), (4, 3, 1)),
        (BUDGET, Kind.BUDGET, (1, 1, 0), (4, 3, 1)),
        (ORDINAL, Kind.RANKED, (2, 0, 1), (8, 4, 4)),
        (CUMULATIVE, Kind.SCORE, (3, 0, 4), (12, 7, 6)),
        (SCORING, Kind.SCORE, (3, 0, 4), (12, 7, 6)),
    ],
    ids=["approval", "budget", "ordinal", "cumulative", "scoring"],
)
def test_every_kind_of_vote_is_read_and_written(text, kind, paper, sums):
    found = pb.read("x.pb", text.encode())
    assert found.frame.kind is kind
    assert found.papers[paper] == 1
    assert found.scores.sums == sums
    assert [p for p in found.papers if why_not_paper(found.frame, p)] == []
    written = exporting.write(found)
    again = pb.read("again.pb", written)
    assert (again.projects, again.votes, again.frame, again.meta) == (
        found.projects,
        found.votes,
        found.frame,
        found.meta,
    )
    assert exporting.write(again) == written


def test_the_last_numbers_and_years_that_are_read():
    assert to_number(f"000{LARGEST}.00", 1, "cost") == LARGEST
    first, last = (to_day(text, 1, "day") for text in ("1900-01-01", "31.12.2100"))
    assert clock.midnight_before(first) < clock.midnight_after(last)


def test_what_the_file_says_of_its_rule():
    found = pb.read("x.pb", SCORING.encode())
    assert (found.min_votes, found.is_skipping, found.budget) == (7, True, 100)
    assert found.frame.max_score == 5
    assert pb.read("x.pb", CUMULATIVE.encode()).frame.points_total == 10
    assert not pb.read("x.pb", BUDGET.encode()).is_skipping


FAULTY = [
    (SMALL, "PROJECTS\n", "", Reason.COLUMN_COUNT, 16),
    (SMALL, "VOTES\nvoter_id;age;sex;voting_method;vote\n", "", Reason.NOT_A_NUMBER, 21),
    (SMALL, SMALL[SMALL.index("PROJECTS") :], "", Reason.MISSING_SECTION, 15),
    (SMALL, SMALL[SMALL.index("VOTES") :], "", Reason.MISSING_SECTION, 20),
    (SMALL, "META\n", "VOTES\n", Reason.UNEXPECTED_SECTION, 1),
    (SMALL, "key;value", "key;wert", Reason.MISSING_COLUMN, 2),
    (SMALL, "cost;votes", "cost;cost", Reason.COLUMN_TWICE, 17),
    (SMALL, "2;18;M;internet;A", "2;18;M;internet", Reason.COLUMN_COUNT, 24),
    (SMALL, "2;18;M;internet;A", '2;18;M;"internet;A', Reason.NOT_CSV, None),
    (SMALL, "date_end;15.09.2020\n", "", Reason.MISSING_META, 1),
    (SMALL, "rule;greedy", "unit;City", Reason.META_TWICE, 12),
    (SMALL, "budget;1000", "budget;lots", Reason.NOT_A_NUMBER, 10),
    (SMALL, "A;500;4", "A;12.5;4", Reason.NOT_A_NUMBER, 18),
    (SMALL, "1;17;K", "1;131;K", Reason.NOT_A_NUMBER, 23),
    (SMALL, "A;500;4", f"A;{2**31};4", Reason.NUMBER_TOO_LARGE, 18),
    (SMALL, "budget;1000", f"budget;{'9' * 5000}", Reason.NUMBER_TOO_LARGE, 10),
    (SMALL, "01.09.2020", "31.02.2020", Reason.NOT_A_DATE, 13),
    (SMALL, "01.09.2020", "01.01.0001", Reason.YEAR_OUT_OF_RANGE, 13),
    (SMALL, "01.09.2020", "31.12.9999", Reason.YEAR_OUT_OF_RANGE, 13),
    (SMALL, "01.09.2020", "16.09.2020", Reason.ENDS_BEFORE_IT_BEGINS, 14),
    (SMALL, "vote_type;approval", "vote_type;choose-1", Reason.VOTE_TYPE, 11),
    (SMALL, "max_length;2", "max_length;2\nmin_length;3", Reason.LEAST_ABOVE_MOST, 15),
    (SMALL, "C;200;1;Bench", "C;200;1;", Reason.NAMELESS, 20),
    (SMALL, "C;200;1;Bench", "C" * 41 + ";200;1;Bench", Reason.TOO_LONG, 20),
    (SMALL, "B;300", "A;300", Reason.PROJECT_TWICE, 19),
    (SMALL, "internet;A,B", "internet;A,X", Reason.UNKNOWN_PROJECT, 23),
    (SMALL, "internet;A,B", "internet;A,A", Reason.CHOSEN_TWICE, 23),
    (SMALL, "internet;A,B", "internet;", Reason.EMPTY_VOTE, 23),
    (SMALL, "internet;A,B", "internet;A,B,C", Reason.TOO_MANY_CHOSEN, 23),
    (ORDINAL, "3;A,B;", "3;A;", Reason.TOO_FEW_CHOSEN, 22),
    (SMALL, "2;18;M", "1;18;M", Reason.VOTER_TWICE, 24),
    (SMALL, "1;17;K", "1;17;Q", Reason.UNKNOWN_SEX, 23),
    (SMALL, "3;;F;paper", "3;;F;pigeon", Reason.UNKNOWN_METHOD, 25),
    (SMALL, "num_votes;6", "num_votes;7", Reason.COUNT_DISAGREES, 9),
    (SMALL, "A;500;4", "A;500;5", Reason.COUNT_DISAGREES, 18),
    (CUMULATIVE, "A;60;3;12", "A;60;3;13", Reason.COUNT_DISAGREES, 15),
    (ORDINAL, "A;60;3;8", "A;60;3;7", Reason.COUNT_DISAGREES, 15),
    (BUDGET, "max_sum_cost;1000", "max_sum_cost;700", Reason.OVER_BUDGET, 24),
    (CUMULATIVE, "voter_id;vote;points", "voter_id;vote;marks", Reason.MISSING_COLUMN, 20),
    (CUMULATIVE, "5,3,2", "5,3", Reason.POINTS_COUNT, 20),
    (CUMULATIVE, "5,3,2", "5,3,3", Reason.TOO_MANY_POINTS, 20),
    (CUMULATIVE, "3;A,B;4,4", "3;A,B;1,0", Reason.TOO_FEW_POINTS, 22),
    (CUMULATIVE, "5,3,2", "5,3,-2", Reason.NOT_A_NUMBER, 20),
    (SCORING, "5,3,2", "6,3,2", Reason.POINTS_OUT_OF_RANGE, 21),
    (SCORING, "5,3,2", "5,0,2", Reason.POINTS_OUT_OF_RANGE, 21),
]


@pytest.mark.parametrize(("text", "before", "after", "reason", "line"), FAULTY)
def test_every_fault_is_refused_with_its_line(text, before, after, reason, line):
    assert text.count(before) >= 1
    with pytest.raises(Fault) as refused:
        pb.read("x.pb", text.replace(before, after, 1).encode())
    assert refused.value.reason is reason
    assert line is None or refused.value.line == line


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("x.pb.gz", SMALL.encode(), Reason.NOT_GZIP),
        ("x.pb", b"\x1f\x8b" + SMALL.encode(), Reason.DAMAGED),
        ("x.pb", SMALL.encode("utf-16"), Reason.NOT_UTF8),
        (
            "x.pb",
            SMALL[: SMALL.index("VOTES")].encode() + b"VOTES\nvoter_id;vote\n",
            Reason.NO_VOTES,
        ),
        ("x.pb", b"", Reason.MISSING_SECTION),
    ],
)
def test_what_is_no_file_of_votes_is_refused(name, content, reason):
    with pytest.raises(Fault) as refused:
        pb.read(name, content)
    assert refused.value.reason is reason


@pytest.mark.parametrize("database", ["sqlite"])
def test_every_reason_has_its_words_in_both_languages(app):
    assert FAULTS.keys() == set(Reason)
    facts = {
        name: "§"
        for words in FAULTS.values()
        for name in re.findall(r"%\((\w+)\)s", str(words))
        if name != "line"
    }
    with app.test_request_context():
        told = {}
        for language in ("zh_Hans", "en"):
            with force_locale(language):
                told[language] = [words_of(Fault(3, r, **facts), "x.pb") for r in Reason]
    assert not any(a == b for a, b in zip(*told.values(), strict=True))
    assert all("line 3" in words and "%" not in words for words in told["en"])
    assert all("第 3 行" in words for words in told["zh_Hans"])


texts = st.sampled_from([SMALL, ORDINAL, CUMULATIVE, SCORING])


@given(texts, st.data())
def test_no_spoiled_file_breaks_the_reader(text, data):
    """Whatever one edit does to a file, it is read or refused with a line of it."""
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start, min(len(text), start + 12)))
    spoiled = text[:start] + data.draw(st.text(max_size=4)) + text[end:]
    for read, name in ((pb.read, "x.pb"), (preflib.read, "x.soi")):
        try:
            found = read(name, spoiled.encode(errors="surrogatepass"))
        except Fault as fault:
            assert 1 <= fault.line <= spoiled.count("\n") + 2
        else:
            assert isinstance(found.papers, Counter)
