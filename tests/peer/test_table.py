"""The table of what went wrong at others is complete, and its tests are there."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
ROWS = dict(
    re.findall(r"^\| P(\d\d) \|[^|]*\| (.*) \|$", (ROOT / "docs/peers.md").read_text(), re.M)
)
TESTS = {
    number
    for path in Path(__file__).parent.glob("test_*.py")
    for number in re.findall(r"^def test_p(\d\d)_", path.read_text(), re.M)
}


def test_every_number_has_a_row():
    assert list(ROWS) == [f"{number:02}" for number in range(1, 65)]


def test_every_row_has_its_test_or_the_issue_that_brings_it():
    tested = {number for number, words in ROWS.items() if words.startswith("test")}
    assert tested == TESTS
    assert all(re.match(r"issue [4-9]", ROWS[number]) for number in set(ROWS) - tested)
