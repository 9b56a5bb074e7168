"""Names and phones are masked wherever they are not the work itself (domain.md S3).

The whole demonstration village is crawled as each part: every page, table, file and PDF that a link
leads to. Every whole name and phone of the roster is looked for in all of it.
"""

import io
import re
import subprocess
import zipfile
from collections import deque
from html import unescape
from types import SimpleNamespace
from urllib.parse import urljoin, urlsplit

import pytest
from sqlalchemy import select

from portal import demo
from portal.core import clock
from portal.core.db import db, transaction
from portal.core.scope import village_scope
from portal.discussion.models import Comment
from portal.meetings.council_models import Councillor
from portal.people import service as people
from portal.people.models import Account, Post, Resident
from portal.proposals.models import Proposal, ProposalSupport
from portal.rooms.models import Message
from portal.sign_in import service as signing_in

MOST = 700
NOT_FOLLOWED = re.compile(r"/static/|/sign-out|/stream$|/slip/|/privacy/data")
# Where whole names are the work itself: an open vote, whose electors check the list and who chose
# what; who entered things for whom, who holds a share of an urn's key, and awards of points, which
# the supervisor watches over.
LAWFUL = {
    "villager": re.compile(r"/ballots/\d+/roll"),
    "supervisor": re.compile(
        r"/ballots/\d+/roll|/ballots/manage/\d+/key$|/assisting/(\d+|helpers)$|/points/awards"
    ),
}
PARTS = ("nobody", "villager", "planner", "supervisor")


def known_people(app, account_id):
    """Return the whole names and phones that this part must not see anywhere."""
    with app.app_context(), app.test_request_context():
        village = the_village()
        with village_scope(village):
            me = db.session.get(Account, account_id) if account_id else None
            mine = me and me.resident_id and db.session.get(Resident, me.resident_id)
            household_id = mine.household_id if mine else None
            agreed = {
                resident_id
                for model in (Comment, Message, Proposal, ProposalSupport)
                for resident_id in db.session.scalars(
                    select(model.resident_id).where(model.show_name)
                )
            }
            agreed |= set(db.session.scalars(select(Councillor.resident_id)))  # a public office
            public = set(
                db.session.scalars(select(Account.name).join(Post, Post.account_id == Account.id))
            )
            residents = list(db.session.scalars(select(Resident)))
            shown = {r.name for r in residents if r.id in agreed or r.household_id == household_id}
            names = {r.name for r in residents} - public - shown
            phones = {r.phone for r in residents if r.phone and r.household_id != household_id}
        db.session.remove()
    return SimpleNamespace(names=names, phones=phones, public=public, shown=shown)


def the_village():
    return people.find_village(demo.CODE).id


def text_of(answer) -> str:
    """Return the words of a page or file: HTML without its tags, tables, PDF."""
    kind = answer.mimetype
    if kind == "application/pdf":
        done = subprocess.run(
            ["pdftotext", "-", "-"], input=answer.data, capture_output=True, check=True
        )
        return done.stdout.decode() + repr(answer.data[:2000])
    if kind.endswith("spreadsheetml.sheet") or kind == "application/zip":
        with zipfile.ZipFile(io.BytesIO(answer.data)) as parts:
            return " ".join(parts.read(name).decode("utf-8", "ignore") for name in parts.namelist())
    if kind.startswith(("text/", "application/json", "application/geo+json", "image/svg")):
        return unescape(answer.get_data(as_text=True))
    return ""


def crawl(client, start):
    """Yield every page that links lead to inside the village."""
    waiting, seen = deque([start]), {start}
    while waiting and len(seen) < MOST * 2:
        address = waiting.popleft()
        answer = client.get(address)
        if answer.status_code in (301, 302, 303, 307, 308):
            links = [answer.location]
        else:
            assert answer.status_code in (200, 403, 404, 405), (address, answer.status_code)
            yield address, answer
            is_page = answer.mimetype == "text/html"
            links = re.findall(r'href="([^"]+)"', answer.get_data(as_text=True)) if is_page else []
        for link in links:
            parts = urlsplit(urljoin(address, unescape(link)))
            wanted = parts.path + (f"?{parts.query}" if parts.query else "")
            shape = re.sub(r"\d+", "0", wanted)
            if parts.netloc not in ("", "localhost") or NOT_FOLLOWED.search(parts.path):
                continue
            if not parts.path.startswith(f"/v/{demo.CODE}") or wanted in seen:
                continue
            if sum(re.sub(r"\d+", "0", other) == shape for other in seen) >= 12:
                continue  # a dozen of a kind is enough
            seen.add(wanted)
            waiting.append(wanted)


@pytest.mark.parametrize("database", ["sqlite"])
@pytest.mark.parametrize("part", PARTS)
def test_no_whole_name_and_no_phone_is_seen_by(app, demonstration, part):
    client = app.test_client()
    account_id = None
    if part != "nobody":
        with app.app_context(), app.test_request_context():
            with village_scope(the_village()), transaction():
                account_id = db.session.scalar(
                    select(Account.id).where(Account.phone == demo.PARTS[part][1])
                )
                token = signing_in.start_session(account_id, now=clock.now(), days=1)
            db.session.remove()
        client.set_cookie(app.config["SIGN_IN_COOKIE"], token)
    others = known_people(app, account_id)
    others.names -= {"叶子", "钱明"}  # the leaf of a hash tree; 本钱明年: words, and names too
    assert len(others.names) > 700 and len(others.phones) > 500
    # longest first, so that 朱玉 is not heard in the name of 朱玉兰, who chose to show it
    known = sorted(others.names | others.shown, key=len, reverse=True)
    name = re.compile("|".join(map(re.escape, known)))
    found, pages, kinds = {}, 0, set()
    for address, answer in crawl(client, f"/v/{demo.CODE}/"):
        pages += 1
        kinds.add(answer.mimetype)
        words = text_of(answer)
        hits = set(name.findall(words)) & others.names
        hits |= set(re.findall(r"139\d{8}", words)) & others.phones
        if hits and not (part in LAWFUL and LAWFUL[part].search(address)):
            found[address] = sorted(hits)[:5]
    assert found == {}, found
    assert pages > 60 and {"text/html", "application/pdf"} <= kinds, (pages, kinds)
