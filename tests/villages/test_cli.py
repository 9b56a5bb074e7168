"""The first operator: made once by a command, with a slip shown once. No account by itself."""

import re

import pytest
from sqlalchemy import func, select

from portal.core.db import db
from portal.core.scope import all_villages
from portal.people import posts
from portal.people import service as people
from portal.people.models import Account
from portal.people.rules import Role
from portal.villages.cli import operator

NAMES = "浙江省/湖州市/安吉县"


@pytest.fixture
def run(app):
    def _run(*args):
        db.session.remove()
        return app.test_cli_runner().invoke(operator, list(args))

    return _run


def slip_in(text):
    return re.search(r"/v/330523/slip/([A-Z0-9]+)", text)[1]


def sign_in(browse, slip):
    client = browse()
    client.post("/v/330523/sign-in/slip", data={"slip": slip})
    return client


def test_a_new_house_has_no_account(app):
    with all_villages("a test counts"):
        assert db.session.scalar(select(func.count(Account.id))) == 0


def test_the_first_operator_signs_in_with_the_slip(run, browse):
    done = run("330523", "老陈", "--names", NAMES, "--phone", "139 1111 2222")
    assert done.exit_code == 0, done.output
    county = people.find_place("330523")
    (post,) = posts.list_posts("330523")
    assert (post.name, post.phone, post.role) == ("老陈", "13911112222", Role.OPERATOR)
    assert (county.name, post.given_by) == ("安吉县", None)
    client = sign_in(browse, slip_in(done.output))
    assert client.get("/v/330523/desk/villages").status_code == 200
    assert client.get("/v/330523/desk/staff/").status_code == 200


def test_there_is_no_second_first_operator(run):
    assert run("330523", "老陈", "--names", NAMES).exit_code == 0
    again = run("330523", "老王")
    assert again.exit_code == 1 and "has an operator" in again.output
    with all_villages("a test counts"):
        assert db.session.scalar(select(func.count(Account.id))) == 1


def test_an_operator_who_lost_every_way_in_gets_a_new_slip(run, browse):
    old = slip_in(run("330523", "老陈", "--names", NAMES).output)
    client = sign_in(browse, old)
    assert client.get("/v/330523/desk/villages").status_code == 200
    assert run("330523", "老王", "--again").exit_code == 1
    new = slip_in(run("330523", "老陈", "--again").output)
    assert client.get("/v/330523/desk/villages").status_code == 302
    assert sign_in(browse, old).get("/v/330523/desk/villages").status_code == 302
    assert sign_in(browse, new).get("/v/330523/desk/villages").status_code == 200


@pytest.mark.parametrize(
    ("args", "word"),
    [
        (("330523102201", "x"), "not the code of a region"),
        (("3305231", "x"), "not the code of a region"),
        (("330523", "x"), "--names"),
        (("330523", "x", "--names", NAMES, "--phone", "12"), "not a mobile number"),
    ],
)
def test_what_the_command_refuses(run, args, word):
    done = run(*args)
    assert done.exit_code == 1 and word in done.output
    assert people.find_place("330523") is None


def test_the_first_sign_in_leads_past_the_notice_to_the_villages(run, browse):
    """A region has few pages, but every step from the slip to the list is one of them."""
    slip = slip_in(run("330523", "老陈", "--names", NAMES).output)
    client = browse()
    answer = client.post("/v/330523/sign-in/slip", data={"slip": slip})
    assert answer.location.startswith("/v/330523/privacy")
    notice = client.get(answer.location)
    assert notice.status_code == 200
    form = notice.text.split('action="/v/330523/privacy/read"')[1].split("</form>")[0]
    fields = dict(re.findall(r'name="(\w+)"[^>]* value="([^"]*)"', form))
    answer = client.post("/v/330523/privacy/read", data=fields)
    assert answer.location == "/v/330523/region"
    assert client.get(answer.location).location == "/v/330523/desk/villages"
    page = client.get("/v/330523/desk/villages").text
    for path in re.findall(r'<a [^>]*href="(/v/330523/[^"]*)"', page):
        assert client.get(path, follow_redirects=True).status_code == 200, path
