"""Doors that stood open at others: who may do what (trust.md §3). Each is shown to be able to fail."""

import re
import secrets
from datetime import timedelta

import pytest
from flask import Flask, g, request
from sqlalchemy import func, select, update

from portal import demo
from portal.assisting.models import Recognition
from portal.ballots.models import Ballot, BallotOption, Turnout
from portal.core import clock
from portal.core.access import Part, Viewer, requires
from portal.core.db import Base, db, transaction
from portal.core.scope import all_villages, village_scope
from portal.discussion.models import Comment
from portal.discussion.rules import WHOLE
from portal.inbox import rules as inbox_rules
from portal.moderation.models import ModerationCase
from portal.people.models import Resident
from portal.plans.models import PlanSection, PlanVersion
from portal.plans.rules import State
from portal.roster.models import RosterImport
from portal.roster.rules import ImportState
from portal.surveys.models import Survey
from portal.surveys.rules import SurveyState
from tests.house.states import first
from tests.house.test_access import addresses, routes
from tests.house.world import HERE, PARTS, THERE, ids
from tests.peer import guards
from tests.peer.guards import no_part_is_asked, no_village_is_asked


def to(world, endpoint, *, method=None, code=HERE, **values) -> str:
    """Return the address of a view."""
    adapter = world.app.url_map.bind("localhost")
    return adapter.build(endpoint, {"village_code": code, **values}, method=method)


def status_of(world, who, method, address, **sent) -> int:
    """Return the status of a page or of a form."""
    try:
        answer = world.browser(who).open(address, method=method, **sent)
    except Exception:  # noqa: BLE001 -- behind a guard that was taken away, anything can happen
        world.restore()
        return 500
    answer.close()
    return answer.status_code


def tried(world, who, method, address) -> int:
    """Return the status of a page or of an empty form; what it changed is put back."""
    status = status_of(world, who, method, address)
    if method != "GET" and status < 400:
        world.restore()
    return status


def counted(world, model, *criteria) -> int:
    with world.app.app_context(), all_villages("a test counts in both villages"):
        return db.session.scalar(select(func.count()).select_from(model).where(*criteria))


def opened(world, who, path) -> int:
    """Return the status of a page."""
    return tried(world, who, "GET", path)


# --- P04: a loader by kind and number gives out what may not be seen -------------------------------


def shown_by_kind_and_number(world) -> list[str]:
    """Ask every page that takes a kind and a number for what is not its reader's."""
    draft = first(PlanVersion, PlanVersion.state == State.DRAFT)(world)
    hidden = ids(world, ModerationCase)
    wanted = [
        (who, path)
        for who in ("nobody", "resident", "neighbour", "grid worker")
        for path in (
            to(world, "discussion.plan", version_id=draft),
            to(world, "plans.show", version_id=draft),
            to(world, "moderation.case", kind="opinion", subject_id=hidden[0]),
            to(world, "disclosure.prepare", kind="draft-notice", subject_id=draft),
        )
    ]
    return [f"{who} {path}" for who, path in wanted if opened(world, who, path) == 200]


def test_p04_a_loader_by_kind_and_number_obeys_the_policy(world):
    assert shown_by_kind_and_number(world) == []
    with no_part_is_asked():
        assert shown_by_kind_and_number(world) != []


# --- P05: a filter or sort key asks for a private column --------------------------------------------


KEYS = (
    "q[phone_start]=1380", "q[resident_phone_start]=1380", "sort=phone", "order=-born_on",
    "filter[phone]=1380", "phone__startswith=1380", "resident.phone=13800000001", "fields=phone",
    "include=resident", "where=phone", "isappinstalled=0",
)  # fmt: skip


def body(world, who, path) -> str:
    """Return a page without what is new in every answer and without its own address."""
    text = world.browser(who).get(path).get_data(as_text=True)
    text = re.sub(r'name="(csrf_token|client_key|key|next)"[^>]*>', "", text)
    return re.sub(r"[?&;](amp;)?[\w\[\].%]+=[^\"&]*", "", text)


def differing(world, who, paths) -> list[str]:
    return [
        f"{path}?{key}"
        for path in paths
        for plain in [body(world, who, path)]
        for key in KEYS
        if body(world, who, f"{path}?{key}") != plain
    ]


def lists(world) -> list[str]:
    """Return the pages without arguments that anybody may read."""
    return [
        address
        for rule, method in routes(world.app)
        if method == "GET" and not rule.arguments - {"village_code"}
        and Part.ANYONE in world.app.view_functions[rule.endpoint].open_to
        for _state, address in addresses(world, rule)
    ]  # fmt: skip


def test_p05_no_key_asks_for_a_private_column(world):
    """Keys that we do not know change nothing: WeChat adds its own to every link, so no 400."""
    assert differing(world, "nobody", lists(world)) == []

    def oracle():
        phone = request.args.get("phone", "")
        found = select(func.count()).where(Resident.phone.startswith(phone))
        return str(db.session.scalar(found))

    with world.second_app() as planted:
        planted.add_url_rule("/v/<village_code>/oracle", "oracle", requires(Part.ANYONE)(oracle))
        client, address = planted.test_client(), f"/v/{HERE}/oracle"
        assert client.get(f"{address}?phone=1380").data != client.get(address).data


# --- P14: a draft leaks through another renderer ----------------------------------------------------


def drawn(world, who) -> list[str]:
    """Return every address of the draft that this player gets an answer from."""
    return [
        address
        for rule, method in routes(world.app)
        if method == "GET" and "version_id" in rule.arguments
        for state, address in addresses(world, rule)
        if state == "draft" and opened(world, who, address) == 200
    ]


def test_p14_every_rendering_of_a_draft_obeys_one_policy(world):
    for who in ("nobody", "resident", "neighbour", "grid worker", "former planner"):
        assert drawn(world, who) == []
    assert len(drawn(world, "planner")) >= 8
    with guards.no_draft_is_kept_back():
        assert len(drawn(world, "nobody")) >= 4


# --- P15: the address of a download opens it for others --------------------------------------------


def downloads(world, who) -> dict[str, int]:
    """Open every download of this player without them: signed out, and as others."""
    found = {}
    for rule, method in routes(world.app):
        parts = world.app.view_functions[rule.endpoint].open_to
        if method != "GET" or Part.ANYONE in parts or not parts & PARTS[who]:
            continue
        for _state, address in addresses(world, rule):
            own = world.browser(who).get(address)
            if "attachment" in own.headers.get("Content-Disposition", ""):
                assert not re.search(r"token|sig|key=", address)
                for other in ("nobody", "resident", "neighbour's committee", "disabled"):
                    if other == "nobody" or not parts & PARTS[other]:
                        found[f"{other} {address}"] = opened(world, other, address)
            own.close()
    return found


def test_p15_the_address_of_a_download_opens_nothing_by_itself(world):
    tried = downloads(world, "committee")
    assert len(tried) > 10
    assert set(tried.values()) <= {302, 403}
    with no_part_is_asked():
        assert 200 in downloads(world, "committee").values()


def test_p15_a_download_ends_with_the_session(world):
    table = to(world, "statistics.table", kind="csv")
    client = world.browser("committee")
    assert client.get(table).status_code == 200
    client.post(to(world, "sign_in.sign_out"))
    client.set_cookie(world.app.config["SIGN_IN_COOKIE"], world.players["committee"].token)
    assert client.get(table).status_code == 302
    world.restore()
    assert client.get(table).status_code == 200


# --- P18, P19, P53: one village acts in another ------------------------------------------------------


def reached_from_outside(world) -> list[str]:
    """Try every guarded page here as the committee of the neighbouring village."""
    return [
        f"{method} {address}"
        for rule, method in routes(world.app)
        if Part.ANYONE not in world.app.view_functions[rule.endpoint].open_to
        and not getattr(world.app.view_functions[rule.endpoint], "is_stream", False)
        for _state, address in addresses(world, rule)
        if tried(world, "neighbour's committee", method, address) != 403
    ]


def test_p18_the_committee_of_one_village_is_nobody_in_another(world):
    assert reached_from_outside(world) == []
    with no_part_is_asked():
        assert reached_from_outside(world) != []
        world.restore()


def taken_from_outside(world) -> list[str]:
    """Ask pages here, as our own committee, for things of the neighbouring village."""
    return [
        address
        for rule, method in routes(world.app)
        if method == "GET"
        for state, address in addresses(world, rule)
        if "other village" in state and opened(world, "committee", address) == 200
    ]


def test_p18_things_of_another_village_are_not_there(world):
    assert taken_from_outside(world) == []
    with no_village_is_asked():
        assert taken_from_outside(world) != []


def parts_in(world, who, code) -> frozenset[Part]:
    client = world.browser(who)
    with client:
        client.get(to(world, "people.me", code=code))
        return g.viewer.parts if g.viewer else frozenset()


def test_p19_a_session_is_bound_to_the_village_of_its_account(world):
    assert Part.COMMITTEE in parts_in(world, "neighbour's committee", THERE)
    assert parts_in(world, "neighbour's committee", HERE) == frozenset()
    answer = world.app.test_client().post(to(world, "sign_in.sign_out"))
    assert "Domain=" not in answer.headers.get("Set-Cookie", "")
    with guards.posts_count_everywhere():
        assert parts_in(world, "neighbour's committee", HERE) >= {Part.COMMITTEE}


@pytest.mark.parametrize(("village", "is_opened"), [(HERE, False), (THERE, True)])
def test_p53_a_printed_code_opens_its_own_village_only(world, village, is_opened):
    client = world.app.test_client()
    code = {"slip": demo.slip_of("committee", THERE)}
    client.post(to(world, "sign_in.use_slip", code=village), data=code)
    client.get(to(world, "sign_in.who", code=village))
    assert (client.get_cookie(world.app.config["SIGN_IN_COOKIE"]) is not None) is is_opened
    world.restore()


# --- P21: questionnaires and templates made by anybody ---------------------------------------------


DESKS = (
    "surveys.desk", "plans.", "intake.", "analysis.", "implementation.", "notices.", "moderation.",
    "statistics.", "disclosure.", "roster.", "reports.", "appeals.", "sanctions.",
)  # fmt: skip


def open_desks(world, who) -> list[str]:
    """Return the desk pages that somebody without a post gets into."""
    found = []
    for rule, method in routes(world.app):
        is_desk = not {Part.ANYONE, Part.VILLAGER} & world.app.view_functions[rule.endpoint].open_to
        if is_desk and rule.endpoint.startswith(DESKS):
            address = next(addresses(world, rule))[1]
            if tried(world, who, method, address) < 400:
                found.append(f"{method} {address}")
    return found


def test_p21_desks_are_shut_to_whoever_holds_no_post(world):
    for who in ("unverified", "resident", "representative", "neighbour", "former planner"):
        assert open_desks(world, who) == []
    with no_part_is_asked():
        assert open_desks(world, "resident") != []
        world.restore()


# --- P22, P36: forged requests ------------------------------------------------------------------------


def taken_without_token(world, *, is_checked: bool) -> list[str]:
    taken = []
    with world.second_app(WTF_CSRF_ENABLED=is_checked) as app:
        for rule, method in routes(world.app):
            if method != "POST":
                continue
            client = app.test_client()
            client.set_cookie(app.config["SIGN_IN_COOKIE"], world.players["committee"].token)
            if client.post(next(iter(addresses(world, rule)))[1]).status_code != 400:
                taken.append(rule.endpoint)
            if not is_checked:
                with app.app_context():
                    db.session.remove()
                    db.engine.dispose()
                world.restore()
    return taken


def test_p22_every_deed_asks_for_its_token(world):
    """The look alone needs none: it changes a cookie and nothing else (decision 4)."""
    assert set(taken_without_token(world, is_checked=True)) == {"people.preferences"}
    assert len(taken_without_token(world, is_checked=False)) > 10
    world.restore()


def test_p36_a_survey_is_not_discarded_by_a_forged_form(world):
    draft = first(Survey, Survey.state == SurveyState.DRAFT)(world)
    for is_checked, left in ((True, 1), (False, 0)):
        with world.second_app(WTF_CSRF_ENABLED=is_checked) as app:
            client = app.test_client()
            client.set_cookie(app.config["SIGN_IN_COOKIE"], world.players["committee"].token)
            client.post(to(world, "surveys.desk.discard", survey_id=draft))
            assert counted(world, Survey, Survey.id == draft) == left
    world.restore()


# --- P27: whoever is not on the roster votes ----------------------------------------------------------


def votes_of_strangers(world) -> int:
    ballot = first(Ballot, Ballot.opened_at.is_not(None), Ballot.closes_at > clock.now())(world)
    option = first(BallotOption, BallotOption.ballot_id == ballot)(world)
    before = counted(world, Turnout)
    for who in ("nobody", "unverified", "neighbour", "planner", "administrator", "moved out"):
        client = world.browser(who)
        for view in ("ballots.confirm", "ballots.cast"):
            paper = {"chosen": str(option), "key": f"stranger-{who}", "client_key": who}
            client.post(to(world, view, ballot_id=ballot), data=paper)
    return counted(world, Turnout) - before


def test_p27_only_those_on_the_roster_vote(world):
    assert votes_of_strangers(world) == 0
    with guards.taken_for(world.players["representative"]):
        assert votes_of_strangers(world) == 1
    world.restore()


# --- P29: of two policies one is forgotten ------------------------------------------------------------


@pytest.mark.parametrize(
    ("parts", "status"),
    [
        ({Part.COMMITTEE}, 403),
        ({Part.PLANNER}, 403),
        ({Part.COMMITTEE, Part.PLANNER}, 200),
        (set(), 403),
    ],
)
def test_p29_each_of_two_policies_refuses_alone(parts, status):
    app = Flask(__name__)

    @app.get("/")
    @requires(Part.COMMITTEE)
    @requires(Part.PLANNER)
    def page():
        return "in"

    @app.before_request
    def somebody():
        g.viewer = Viewer(1, 1, None, None, "", frozenset(parts))

    assert app.test_client().get("/").status_code == status
    with no_part_is_asked():
        assert app.test_client().get("/").status_code == 200


# --- P32: exports, and settings by those who only read ------------------------------------------------


def settings_changed(world, who, *, of: str = "") -> list[str]:
    """Return the deeds, of one feature or of all, that change a setting or break."""
    before = dump(world, "disclosure_office", "rest_day", "survey", "post", "account", "resident")
    changed = []
    for rule, method in routes(world.app):
        is_own = rule.endpoint.startswith(("sign_in.", "people.preferences"))
        if method != "POST" or is_own or not rule.endpoint.startswith(of):
            continue
        sent = {"name": "x", "role": "administrator"}
        for _state, address in list(addresses(world, rule)):
            if status_of(world, who, "POST", address, data=sent) == 500:
                changed.append(f"{rule.endpoint} breaks")
        if dump(world, *before) != before:
            changed.append(rule.endpoint)
        world.restore()
    return changed


def dump(world, *names) -> dict[str, list]:
    tables = Base.metadata.tables
    with world.app.app_context(), all_villages("a test compares whole tables"):
        return {
            name: [tuple(row) for row in db.session.execute(select(tables[name]))] for name in names
        }


def test_p32_who_only_reads_changes_nothing(world):
    assert settings_changed(world, "auditor") == []
    assert settings_changed(world, "unverified") == []
    with no_part_is_asked():
        assert "surveys.desk.discard" in settings_changed(world, "auditor", of="surveys.")


def left_behind(world, folder) -> list:
    for kind in ("csv", "xlsx"):
        assert opened(world, "committee", to(world, "statistics.table", kind=kind)) == 200
    return list(folder.iterdir())


def test_p32_exports_are_not_left_behind(world, tmp_path, monkeypatch):
    """Downloads are made in memory and streamed; no file of one waits for the next reader."""
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    assert left_behind(world, tmp_path) == []
    with guards.an_export_is_left():
        assert left_behind(world, tmp_path) != []


# --- P33: a part is reached through a whole that is not its own ---------------------------------------


def test_p33_a_part_is_reached_through_its_own_whole(world):
    draft = first(PlanVersion, PlanVersion.state == State.DRAFT)(world)
    other = first(PlanSection, PlanSection.version_id != draft)(world)
    own = first(PlanSection, PlanSection.version_id == draft)(world)
    for part_id, status in ((other, 404), (own, 200)):
        page = to(world, "plans.change", version_id=draft, part="section", part_id=part_id)
        assert opened(world, "planner", page) == status
    remove = to(world, "plans.remove", version_id=draft)
    world.browser("planner").post(remove, data={"part": "section", "id": str(other)})
    assert counted(world, PlanSection, PlanSection.id == other) == 1
    world.browser("planner").post(remove, data={"part": "section", "id": str(own)})
    assert counted(world, PlanSection, PlanSection.id == own) == 0
    world.restore()


# --- P37: a form carries more than it shows -----------------------------------------------------------


MORE = {
    "role": "administrator", "village_id": "1", "account_id": "1", "resident_id": "1",
    "household_id": "1", "is_active": "", "posted_by_id": "1", "points": "9999", "state": "open",
    "is_representative": "y", "channel": "meeting", "sitting_id": "1", "done_at": "2020-01-01",
}  # fmt: skip


def taken_beyond(world) -> set[str]:
    """Send every form of a resident with owner, role and village in it; return what it took."""
    who = "representative"
    mine = world.players[who]
    people = dump(world, "account", "post", "resident", "household")
    for rule, method in routes(world.app):
        if method == "POST" and not rule.endpoint.startswith(("sign_in.", "privacy.erase")):
            for state, address in addresses(world, rule):
                if state in ("", "open", "own", "published"):
                    filled = {
                        "body": "路灯坏了", "about": WHOLE, "chosen": "1", "key": secrets.token_hex(16)
                    }  # fmt: skip
                    world.browser(who).post(address, data=filled | MORE)
    after = dump(world, "account", "post", "resident", "household")
    for rows in (people["account"], after["account"]):
        rows[:] = [row[:4] for row in rows]
    with world.app.app_context(), village_scope(world.here):
        newest = db.session.scalars(select(Comment).order_by(Comment.id.desc()).limit(1)).one()
        assert newest.body == "路灯坏了"
        own = {"resident_id": mine.resident_id, "channel": "self", "sitting_id": None}
        taken = {name for name, value in own.items() if getattr(newest, name) != value}
    world.restore()
    return taken | {name for name, rows in people.items() if after[name] != rows}


def test_p37_a_form_takes_only_its_own_fields(world):
    assert taken_beyond(world) == set()
    with guards.a_form_says_how():
        assert taken_beyond(world) == {"channel"}


# --- P20: roster rows changed by those who only help ---------------------------------------------------


def roster_changed_by(world, who) -> list[str]:
    return [
        f"{method} {address}"
        for rule, method in routes(world.app)
        if rule.endpoint.startswith("roster.")
        for _state, address in addresses(world, rule)
        if tried(world, who, method, address) not in (302, 401, 403)
    ]


def test_p20_only_keepers_of_the_roster_reach_it(world):
    for who in ("grid worker", "planner", "supervisor", "auditor", "representative"):
        assert roster_changed_by(world, who) == []
    with no_part_is_asked():
        assert roster_changed_by(world, "planner") != []
        world.restore()


def test_p20_while_a_ballot_is_open_a_second_person_agrees(world):
    """The roster that our committee handed in waits; not even its own hand puts it in."""
    waiting = first(RosterImport, RosterImport.state == ImportState.WAITING)(world)
    before = dump(world, "resident")
    agree = to(world, "roster.agree", import_id=waiting)
    assert status_of(world, "committee", "POST", agree) == 409
    assert dump(world, "resident") == before
    world.browser("head").post(agree)
    assert len(dump(world, "resident")["resident"]) == len(before["resident"]) + 1
    world.restore()
    with guards.one_agrees_alone():  # then the database is the last judge
        assert status_of(world, "committee", "POST", agree) == 500


# --- P23: what has ended is used by another path -----------------------------------------------------------


def let_time_pass(world, days: int) -> None:
    """Move everything that ends into the past."""
    with world.app.app_context(), transaction(), all_villages("a test moves the ends"):
        for name in ("recognition", "assisted_sitting", "sign_in_challenge", "access_code"):
            table = Base.metadata.tables[name]
            for column in ("asked_at", "made_at", "began_at", "witnessed_at", "expires_at"):
                for row in db.session.execute(select(table)).mappings().all():
                    if row.get(column) is not None:
                        earlier = {column: row[column] - timedelta(days=days)}
                        db.session.execute(
                            update(table).where(table.c.id == row["id"]).values(earlier)
                        )


def opened_after(world, days: int) -> list[str]:
    """Try every path by which an invitation, a code or a sitting opens something."""
    recognition = ids(world, Recognition, Recognition.state == "open")[0]
    let_time_pass(world, days)
    before = dump(world, "vouch", "account_session", "recognition")
    for who in ("committee", "head"):
        for view in ("assisting.vouch", "assisting.name_person"):
            world.browser(who).post(to(world, view, recognition_id=recognition))
    stranger = world.app.test_client()
    stranger.post(to(world, "sign_in.use_slip"), data={"slip": demo.slip_of("villager", HERE)})
    stranger.get(to(world, "sign_in.who"))
    after = dump(world, "vouch", "account_session", "recognition")
    changed = [name for name in before if len(after[name]) != len(before[name])]
    with world.app.app_context():
        helper = parts_in(world, "helper in a sitting", HERE)
    if Part.VILLAGER in helper:
        changed.append("assisted_sitting")
    world.restore()
    return changed


def test_p23_what_has_ended_opens_nothing_by_any_path(world):
    assert opened_after(world, 400) == []
    assert set(opened_after(world, 0)) >= {"account_session", "assisted_sitting"}


# --- P24: the server fetches an address that a reader names -------------------------------------------------


HOSTS = (
    "http://fcm.googleapis.com/x", "https://169.254.169.254/latest", "https://localhost/x",
    "https://evil-fcm.googleapis.com/x", "https://fcm.googleapis.com.evil.example/x",
    "https://fcm.googleapis.com@evil.example/x", "https://evil.example/fcm.googleapis.com",
    "https://fcm.googleapis.com:8443/x", "https://[::1]/x", "file:///etc/passwd", "//evil.example",
    "https://notify.windows.com.evil.example/x", "https://xnotify.windows.com/x",
)  # fmt: skip


def called() -> list[str]:
    return [host for host in HOSTS if inbox_rules.is_push_endpoint(host)]


def test_p24_only_known_push_services_are_ever_called():
    assert called() == []
    with guards.any_host_takes_push():
        assert called() != []
    assert inbox_rules.is_push_endpoint("https://fcm.googleapis.com/fcm/send/abc")
    assert inbox_rules.is_push_endpoint("https://db5p.notify.windows.com/w/?token=abc")
