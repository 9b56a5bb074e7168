"""A thread of a thousand opinions opens like one of thirty, and like one."""

import time

import pytest
from sqlalchemy import insert, select

from portal.core.db import db, transaction
from portal.discussion import listing, service
from portal.discussion.models import Comment


@pytest.fixture
def thread(version, cast, say):
    """Let so many opinions be there, one of them said, the others like it."""

    def grow(count):
        if not service.tally(version).total:
            say(version, cast.vera, about="goal-1", about_title="路好走")
        first = db.session.execute(select(Comment.__table__).where(Comment.village_id > 0)).first()
        facts = {k: v for k, v in first._mapping.items() if k != "id"}
        before = service.tally(version).total
        rows = [facts | {"number": n, "client_key": f"k{n}"} for n in range(before + 1, count + 1)]
        if rows:
            with transaction():
                db.session.execute(insert(Comment.__table__), rows)

    return grow


@pytest.mark.parametrize("query", ["", "?about=goal-1", "?order=oldest", "?before=900"])
@pytest.mark.parametrize("who", [None, "vera", "max"])
def test_a_thread_opens_in_constant_statements(
    version, cast, browse, at, thread, count_queries, who, query
):
    client, counts = browse(who and getattr(cast, who)), {}
    for count in (1, 30, 1000):
        thread(count)
        address = at(f"/discussion/plans/{version}{query}")
        client.get(address)
        began = time.perf_counter()
        with count_queries() as counted:
            page = client.get(address).text
        took = time.perf_counter() - began
        counts[count] = sum(not s.startswith("BEGIN") for s in counted.statements)
        print(
            f"{who} {query or 'newest'}: {count} opinions, {counts[count]} statements, {took:.3f} s"
        )
        assert page.count('<article class="opinion') == min(count, listing.PAGE_LENGTH)
    assert len(set(counts.values())) == 1
    assert counts[1] <= 10, counted.statements


def test_a_thread_is_read_page_by_page_without_a_gap(version, browse, at, thread):
    thread(100)
    for order, wanted in (("newest", range(100, 0, -1)), ("oldest", range(1, 101))):
        found = []
        address = at(f"/discussion/plans/{version}?order={order}")
        while address:
            page = browse(None).get(address).text
            found += [int(n) for n in _numbers(page)]
            address = _more(page)
        assert found == list(wanted)


def _numbers(page):
    return [part.split('"', 1)[0] for part in page.split('id="o-')[1:]]


def _more(page):
    _before, found, rest = page.partition('<p class="more">')
    return found and rest.split('href="', 1)[1].split('"', 1)[0].replace("&amp;", "&")
