"""Real elections on paper: the document carries the numbers of the election, and no others."""

import json
import re
import subprocess

import pytest

from portal.core.db import transaction
from portal.core.scope import village_scope
from portal.disclosure import service
from portal.disclosure.press import press_of
from portal.disclosure.rules import Edition
from portal.people import service as people
from tests.ballots.test_importing import REAL, expected_of, take_in
from tests.disclosure.conftest import VOTE, publish_whole

AGES = {"<18": "18岁以下", "75+": "75岁以上", "unknown": "不详"}
SEXES = {"K": "女", "M": "男", "": "不详"}
COUNT = re.compile(r"\s(\d[\d,]*)\s+\d+\.\d%$", re.M)


def layout_of(pdf: bytes) -> str:
    done = subprocess.run(
        ["pdftotext", "-layout", "-", "-"], input=pdf, check=True, capture_output=True
    )
    return done.stdout.decode()


def shown(text: str, label: str) -> list[int | None]:
    """Return the numbers of a table's row; a hidden one is None."""
    found = re.search(rf"^\s*{re.escape(label)}((?:\s+(?:[\d,]+|\*))+)$", text, re.M)
    assert found, label
    return [None if n == "*" else int(n.replace(",", "")) for n in found[1].split()]


@pytest.mark.parametrize("name", REAL)
def test_the_document_carries_the_numbers_of_the_election(app, name) -> None:
    path, expected = expected_of(name)
    done = take_in(path)
    village = people.find_village(done.village_code)
    with village_scope(village.id), transaction():
        service.set_office(unit="村委会", address="甲", phone="乙", email="", hours="丙")
        with press_of(village.code) as press:
            doc = publish_whole(VOTE, done.ballot_id, press)
        text = layout_of(service.get_file(doc.id, Edition.NORMAL).content)
    votes = expected["votes_per_project"]
    answers = json.loads(doc.content)["answers"]
    assert {answer["code"]: answer["count"] for answer in answers} == votes
    printed = [int(n.replace(",", "")) for n in COUNT.findall(text)]
    assert printed == sorted(votes.values(), reverse=True)
    assert [code for code in votes if code not in text.split()] == []
    cast = expected["n_votes"]
    assert f"共投票{cast:,}张，有效票{cast:,}张，废票0张" in text
    for letter, count in expected["voters_by_sex"].items():
        if count >= 10:
            assert shown(text, SEXES[letter]) == [count, count, 0]
    for band, count in expected["voters_by_age_band"].items():
        if count >= 10:
            assert shown(text, AGES.get(band, band)) == [count, count, 0]
