"""Files in PrefLib's formats, good and bad ones; and counts that others published."""

import csv
import json
import re
import tarfile

import pytest

from portal.ballots import preflib
from portal.ballots.pbfile import Fault, Reason
from portal.ballots.tallies.pairwise import compare_all
from portal.ballots.tallies.runoff import run_off
from portal.ballots.tallies.scores import add_up
from tests.real_data import real_data

SOI = """# FILE NAME: x.soi
# DATA TYPE: soi
# NUMBER ALTERNATIVES: 3
# NUMBER VOTERS: 4
# NUMBER UNIQUE ORDERS: 2
# ALTERNATIVE NAME 1: Road
# ALTERNATIVE NAME 2: 桥
# ALTERNATIVE NAME 5: Well: deep
3: 5,1
1: 2
"""
OLD = "3\n1,Road\n2,桥\n5,Well, deep\n4,4,2\n3,5,1\n1,2\n"
SOC = SOI.replace("soi", "soc").replace("5,1", "5,1,2").replace(" 2\n", " 2,1,5\n", 1)
SOC = SOC.replace("ORDERS: 2,1,5", "ORDERS: 2").replace("1: 2\n", "1: 2,1,5\n")
TOI = SOI.replace("soi", "toi").replace("5,1", "{5,1},2")
TOC = SOC.replace("soc", "toc").replace("5,1,2", "{5,1},2")
CAT = SOI.replace("soi", "cat").replace("3: 5,1", "3: {5,1},{},2") + ""
CAT = CAT.replace("1: 2\n", "1: ,2,\n").replace(
    "# ALTERNATIVE NAME 1",
    "# CATEGORY NAME 1: yes\n# CATEGORY NAME 2: so\n# CATEGORY NAME 3: no\n# ALTERNATIVE NAME 1",
)


@pytest.mark.parametrize(
    ("name", "text", "papers"),
    [
        ("x.soi", SOI, {(2, 0, 1): 3, (0, 1, 0): 1}),
        ("x.soi", OLD, {(2, 0, 1): 3, (0, 1, 0): 1}),
        ("x.soc", SOC, {(2, 3, 1): 3, (2, 1, 3): 1}),
        ("x.toi", TOI, {(1, 2, 1): 3, (0, 1, 0): 1}),
        ("x.toc", TOC, {(1, 2, 1): 3, (2, 1, 3): 1}),
        ("x.cat", CAT, {(1, 0, 1): 3, (0, 0, 0): 1}),
    ],
)
def test_every_form_is_read(name, text, papers):
    found = preflib.read(name, text.encode())
    assert found.papers == papers
    assert list(found.names) == [1, 2, 5]
    assert found.has_ties is (name[2:] in ("toi", "toc", "cat"))


def test_a_read_file_can_be_counted():
    papers = preflib.read("x.soi", SOI.encode()).papers
    assert run_off(papers, 3).winner == 2
    assert compare_all(papers, 3).winner == 2


FAULTY = [
    ("x.txt", SOI, "", "", Reason.UNKNOWN_FORM, 1),
    ("x.soc", SOI, "", "", Reason.OTHER_FORM, 2),
    ("x.soi", SOI, "# NUMBER VOTERS: 4", "# NUMBER VOTERS 4", Reason.HEAD_LINE, 4),
    ("x.soi", SOI, "# NUMBER VOTERS: 4", "# REMARK: 4", Reason.MISSING_META, 1),
    ("x.soi", SOI, "# FILE NAME", "# NUMBER VOTERS", Reason.META_TWICE, 4),
    (
        "x.soi",
        SOI,
        "NAME 2: 桥",
        "NAME 02: 桥\n# ALTERNATIVE NAME 2: x",
        Reason.ALTERNATIVE_TWICE,
        8,
    ),
    ("x.soi", SOI, "NAME 2: 桥", "NAME 2:", Reason.NAMELESS, 7),
    ("x.soi", SOI, "NAME 2: 桥", "NAME two: 桥", Reason.NOT_A_NUMBER, 7),
    ("x.soi", SOI, "ALTERNATIVES: 3", "ALTERNATIVES: 4", Reason.COUNT_DISAGREES, 3),
    ("x.soi", SOI, "VOTERS: 4", "VOTERS: 5", Reason.COUNT_DISAGREES, 4),
    ("x.soi", SOI, "ORDERS: 2", "ORDERS: 3", Reason.COUNT_DISAGREES, 5),
    ("x.soi", SOI, "3: 5,1", "3: 5,4", Reason.UNKNOWN_ALTERNATIVE, 9),
    ("x.soi", SOI, "3: 5,1", "3: 5,5", Reason.RANKED_TWICE, 9),
    ("x.soi", SOI, "3: 5,1", "three: 5,1", Reason.NOT_A_NUMBER, 9),
    ("x.soi", SOI, "3: 5,1", "-3: 5,1", Reason.NOT_A_NUMBER, 9),
    ("x.soi", SOI, "3: 5,1", "0: 5,1", Reason.NOT_AN_ORDER, 9),
    ("x.soi", SOI, "3: 5,1", "3 5,1", Reason.HEAD_LINE, 9),
    ("x.soi", SOI, "3: 5,1", f"3: 5,{'9' * 5000}", Reason.NUMBER_TOO_LARGE, 9),
    ("x.soi", SOI, "3: 5,1", f"{2**31}: 5,1", Reason.NUMBER_TOO_LARGE, 9),
    ("x.soi", SOI, "3: 5,1", "3: {5,1", Reason.NOT_AN_ORDER, 9),
    ("x.soi", SOI, "3: 5,1", "3: {{5},1}", Reason.NOT_AN_ORDER, 9),
    ("x.soi", SOI, "3: 5,1", "3: 5;1", Reason.NOT_AN_ORDER, 9),
    ("x.soi", SOI, "3: 5,1", "3: 5,,1", Reason.EMPTY_PLACE, 9),
    ("x.soi", SOI, "3: 5,1", "3:", Reason.EMPTY_VOTE, 9),
    ("x.soi", SOI, "3: 5,1", "3: {5,1}", Reason.TIE_IN_STRICT, 9),
    ("x.soc", SOC, "1: 2,1,5", "1: 2,1", Reason.NOT_COMPLETE, 10),
    ("x.toc", TOC, "1: 2,1,5", "1: {2,1}", Reason.NOT_COMPLETE, 10),
    ("x.toi", TOI, "{5,1}", "{5,5}", Reason.RANKED_TWICE, 9),
    ("x.cat", CAT, "{5,1},{},2", "{5,1},{},2,", Reason.TOO_MANY_CATEGORIES, 12),
    ("x.soi", OLD, "5,Well, deep\n", "", Reason.COUNT_DISAGREES, 1),
    ("x.soi", OLD, "5,Well, deep", "5", Reason.HEAD_LINE, 4),
    ("x.soi", OLD, "4,4,2\n", "", Reason.COUNT_DISAGREES, 5),
    ("x.soi", OLD, "4,4,2\n3,5,1\n", "", Reason.ALTERNATIVE_TWICE, 5),
    ("x.soi", OLD, "3\n1", "three\n1", Reason.NOT_A_NUMBER, 1),
    ("x.soi", OLD, "3,5,1\n1,2\n", "", Reason.NO_VOTES, None),
    ("x.soi", OLD, OLD, "\n\n", Reason.NO_VOTES, 1),
    ("x.soi", SOI, "桥", "\udc80", Reason.NOT_UTF8, 7),
    (
        "x.soi",
        "# NUMBER ALTERNATIVES: 0\n# NUMBER VOTERS: 1\n1: 1\n",
        "",
        "",
        Reason.NO_ALTERNATIVES,
        3,
    ),
]


@pytest.mark.parametrize(("name", "text", "before", "after", "reason", "line"), FAULTY)
def test_every_fault_is_refused_with_its_line(name, text, before, after, reason, line):
    with pytest.raises(Fault) as refused:
        preflib.read(name, text.replace(before, after, 1).encode(errors="surrogateescape"))
    assert refused.value.reason is reason
    assert line is None or refused.value.line == line


@pytest.mark.parametrize(
    ("name", "line", "reason"),
    [
        ("malformed__test1.toi", 10, Reason.NOT_A_NUMBER),
        ("malformed__test2.soi", 1, Reason.COUNT_DISAGREES),
    ],
)
def test_real_malformed_files_are_refused(name, line, reason):
    if path := real_data(f"preferences/{name}"):
        with pytest.raises(Fault) as refused:
            preflib.read(name, path.read_bytes())
        assert (refused.value.line, refused.value.reason) == (line, reason)


@pytest.mark.parametrize(
    ("name", "paper", "voters"),
    [
        ("valid__test1.toi", (2, 1, 0, 2, 0, 0), 5),
        ("valid__test3.toc", (3, 2, 1, 4), 5),
        ("valid__test4.cat", (1, 1, 0, 1, 0, 0), 5),
    ],
)
def test_real_valid_files_are_read(name, paper, voters):
    if path := real_data(f"preferences/{name}"):
        papers = preflib.read(name, path.read_bytes()).papers
        assert papers[paper]
        assert papers.total() == voters


def test_approval_equals_the_published_committees():
    """`av` of abcvoting: all committees of the most approved; a tie at the edge makes several."""
    archive = real_data("preferences/abcvoting_instances.tar.gz")
    if archive is None:
        return
    tied = read = 0
    with tarfile.open(archive) as files:
        for member in files.getmembers():
            text = files.extractfile(member).read().decode()
            size = int(re.search(r"committeesize: (\d+)", text)[1])
            number = int(re.search(r"num_cand: (\d+)", text)[1])
            profile = json.loads(re.search(r"^profile: (\[\[.*?\]\])$", unfolded(text), re.M)[1])
            published = json.loads(
                re.search(
                    r"rule_id: av\n  result: (\[\[.*?\]\])\n  resolute: false", unfolded(text)
                )[1]
            )
            papers: dict[tuple[int, ...], int] = {}
            for approved in profile:
                paper = tuple(int(i in approved) for i in range(number))
                papers[paper] = papers.get(paper, 0) + 1
            sure: set[int] = set()
            edge: set[int] = set()
            for group in add_up(papers, number).order:
                if len(sure) + len(group) <= size:
                    sure |= set(group)
                elif len(sure) < size:
                    edge = set(group)
                    break
            committees = [set(committee) for committee in published]
            assert set.intersection(*committees) == sure
            assert set.union(*committees) == sure | edge
            tied += len(committees) > 1
            read += 1
    assert read == 32
    assert 0 < tied < 32


def unfolded(text) -> str:
    """Join the lines of a YAML list that runs over several."""
    return re.sub(r"\n {2,}(?=[\[\d])", " ", text)


def test_points_equal_the_published_sums():
    folder = real_data("preferences")
    if folder is None:
        return
    stem = "star__starvote_ballots_eurovision_song_contest_2023"
    head, *rows = csv.reader((folder / f"{stem}.csv").read_text().splitlines())
    papers: dict[tuple[int, ...], int] = {}
    for row in rows:
        paper = tuple(int(cell) for cell in row[3:])
        papers[paper] = papers.get(paper, 0) + 1
    sums = dict(zip(head[3:], add_up(papers, len(head) - 3).sums, strict=True))
    assert sums == published(folder / f"{stem}.txt")
    stem = "star__test_election_reweighted_range_sample_election"
    blocks = re.findall(
        r"(\d+) ballots:\n((?:    \w+ = \d+\n)+)", (folder / f"{stem}.starvote").read_text()
    )
    names = re.findall(r"(\w+) =", blocks[0][1])
    papers = {
        tuple(int(score) for score in re.findall(r"= (\d+)", block)): int(count)
        for count, block in blocks
    }
    assert len(papers) == 2
    sums = dict(zip(names, add_up(papers, len(names)).sums, strict=True))
    assert sums == published(folder / f"{stem}.txt")
    stem = "star__test_election_unbreakable_tie_in_automatic_runoff_round"
    found = re.findall(
        r"Amy = (\d)\nBrian = (\d)\nChuck = (\d)", (folder / f"{stem}.starvote").read_text()
    )
    tie = add_up({tuple(map(int, paper)): 1 for paper in found}, 3)
    assert dict(zip(("Amy", "Brian", "Chuck"), tie.sums, strict=True)) == published(
        folder / f"{stem}.txt"
    )
    assert tie.first == (1, 2)


def published(path) -> dict[str, int]:
    """Return the sums of the first scoring round."""
    round_ = re.search(r"[Ss]cor(?:ing|e) [Rr]ound\]\n(.*?)(?:\n\n|\Z)", path.read_text(), re.S)[1]
    return {
        name.strip(): int(score)
        for name, score in re.findall(r"^    (.+?) +-- +(\d+) \(average", round_, re.M)
    }


@pytest.mark.parametrize("database", ["sqlite"])
def test_the_command_counts_and_refuses(app, tmp_path):
    run = app.test_cli_runner()
    for name, text, said in (
        ("x.soi", SOI, "淘汰计票：Well: deep胜出"),
        ("x.toi", TOI, "不做淘汰计票"),
        ("x.cat", CAT, "有效票4张"),
    ):
        (tmp_path / name).write_text(text)
        done = run.invoke(args=["count-votes", str(tmp_path / name)])
        assert done.exit_code == 0, done.output
        assert said in done.output
    (tmp_path / "bad.soi").write_text(SOI.replace("3: 5,1", "3: 5,4"))
    done = run.invoke(args=["count-votes", str(tmp_path / "bad.soi")])
    assert done.exit_code == 1
    assert "bad.soi, line 9" in done.output
    assert "第 9 行" in done.output
    small = "tests/ballots/files/small.pb"
    done = run.invoke(args=["count-votes", small])
    assert "平均份额法，直到没有项目还排得下：3个项目，共1000（总额1000）" in done.output
