"""Pages of the inbox: what one was told, what one wishes, whose browser may be told."""

from datetime import datetime
from enum import StrEnum

from flask import abort, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import LazyString, ngettext
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from portal.core import clock, pages
from portal.core.access import Part, Viewer, requires
from portal.core.db import transaction
from portal.core.slots import Card, Link
from portal.inbox import failing, kinds, ports, push, service, wishes
from portal.inbox.forms import BrowserForm, Switches, WishesForm
from portal.inbox.kinds import TOPICS
from portal.inbox.personal import WAYS
from portal.inbox.rules import ALWAYS, DeliveryState, Fault, Topic, Way
from portal.people import service as people

PER_PAGE = 20
OPERATORS = (Part.ADMIN, Part.OPERATOR)

bp = pages.region_blueprint("inbox", __name__, "/inbox")
DESK_LINKS: tuple[Link, ...] = (
    Link(_l("Messages that did not arrive"), "inbox.undelivered", OPERATORS),
)
VILLAGE_LINKS: tuple[Link, ...] = ()

FAULTS: dict[StrEnum, LazyString] = {
    Fault.TOO_OLD: _l("It would have been old news."),
    Fault.TRIED_ENOUGH: _l("Tried for two days; the other side never took it."),
    Fault.REFUSED: _l("The other side does not take it."),
    Fault.NOBODY: _l("The person signed out or is not here any more."),
}


@bp.app_template_global()
def has_inbox() -> bool:
    """Tell whether whoever is asking has messages of this place at all; no query."""
    viewer: Viewer | None = g.get("viewer")
    if viewer is None or g.get("village") is None:
        return False
    if viewer.sitting_id is not None or viewer.must_end_sitting:
        return False
    if viewer.owes_proof:  # on the pages where they show it
        return False
    return viewer.village_id == g.village.id or bool(viewer.parts)


def _me() -> Viewer:
    """Return who is asking; strangers to this place have no messages here."""
    if not has_inbox():
        abort(401 if g.viewer is None else 403)
    viewer: Viewer = g.viewer
    return viewer


@bp.get("")
@requires(Part.ANYONE)
def index() -> ResponseReturnValue:
    """Show what one was told, the newest first."""
    if g.viewer is None:
        return redirect(url_for("sign_in.index", next=request.full_path.rstrip("?")))
    me = _me()
    before = request.args.get("before", type=int)
    messages = service.list_messages(me.account_id, limit=PER_PAGE + 1, before=before)
    more, messages = len(messages) > PER_PAGE, messages[:PER_PAGE]
    return render_template(
        "inbox/index.html",
        messages=messages,
        words_of=kinds.words_of,
        topic_of=kinds.topic_of,
        topics=TOPICS,
        older=messages[-1].id if more else None,
    )


@bp.post("/<int:message_id>")
@requires(Part.ANYONE)
def open_message(message_id: int) -> ResponseReturnValue:
    """Mark a message as read, and lead on to what it is about."""
    me = _me()
    with transaction():
        path = service.open_message(message_id, account_id=me.account_id, now=clock.now())
    return redirect(path or url_for(".index"), 303)


@bp.post("/read")
@requires(Part.ANYONE)
def read_all() -> ResponseReturnValue:
    """Mark as read what stood on the page, and what is older."""
    me = _me()
    until = request.form.get("until", type=int)
    if until is None:
        abort(400)
    with transaction():
        service.read_all(me.account_id, until=until, now=clock.now())
    return redirect(url_for(".index"), 303)


@bp.get("/wishes")
@requires(Part.ANYONE)
def show_wishes() -> ResponseReturnValue:
    """Show by which way each topic comes."""
    if g.viewer is None:
        return redirect(url_for("sign_in.index", next=request.path))
    me = _me()
    form = WishesForm(formdata=None, language=me.language)
    return _wishes_page(me, form)


@bp.post("/wishes")
@requires(Part.ANYONE)
def keep_wishes() -> ResponseReturnValue:
    """Keep by which way each topic comes, and in which language."""
    me = _me()
    form = WishesForm()
    if not form.validate_on_submit():
        return _wishes_page(me, form), 422
    switches = Switches(request.form)
    wanted = {key: switches.is_on(*key) for key in _offered()}
    has_sms = any(is_on for (_topic, way), is_on in wanted.items() if way is Way.SMS)
    with transaction():
        wishes.keep(me.account_id, wanted)
        ports.say(me.account_id, Way.SMS, is_given=has_sms, now=clock.now())
        people.set_language(me.account_id, str(form.language.data))
    flash(_("Kept."), "good")
    return redirect(url_for(".show_wishes"), 303)


def _offered() -> list[tuple[Topic, Way]]:
    """Return the switches of the page: those of push only where this house has it."""
    has_push = push.find_keys() is not None
    return [(topic, way) for topic, way in wishes.choices() if has_push or way is Way.SMS]


def _wishes_page(me: Viewer, form: WishesForm) -> str:
    wished, keys = wishes.of(me.account_id), push.find_keys()
    has_sms = me.account_id in ports.with_consent([me.account_id], Way.SMS)
    switches: dict[Topic, list[tuple[Way, bool]]] = {topic: [] for topic in TOPICS}
    for topic, way in _offered():
        is_on = wished.get((topic, way), True) and (way is Way.PUSH or has_sms)
        switches[topic].append((way, is_on))
    return render_template(
        "inbox/wishes.html",
        form=form,
        topics=TOPICS,
        ways=WAYS,
        switches=switches,
        always={topic for topic, _way in ALWAYS},
        push_key=keys.public if keys else "",
        is_told=keys is not None and push.is_subscribed(session_id=me.session_id),
    )


@bp.post("/browser")
@requires(Part.ANYONE)
def allow_browser() -> ResponseReturnValue:
    """Let this browser be told; an address that is none of a push service is refused."""
    me, form = _me(), BrowserForm()
    if me.session_id is None or push.find_keys() is None or not form.validate_on_submit():
        abort(400)
    with transaction():
        is_kept = push.subscribe(
            account_id=me.account_id,
            session_id=me.session_id,
            endpoint=str(form.endpoint.data),
            p256dh=str(form.p256dh.data),
            auth=str(form.auth.data),
            now=clock.now(),
        )
        if is_kept:
            ports.say(me.account_id, Way.PUSH, is_given=True, now=clock.now())
    if not is_kept:
        abort(400)
    return "", 204


@bp.post("/browser/off")
@requires(Part.ANYONE)
def forget_browser() -> ResponseReturnValue:
    """Let this browser not be told any more; works from a plain form too."""
    me = _me()
    with transaction():
        if me.session_id is not None:
            push.unsubscribe_session(account_id=me.account_id, session_id=me.session_id)
        if not push.has_browser(me.account_id):
            ports.say(me.account_id, Way.PUSH, is_given=False, now=clock.now())
    return redirect(url_for(".show_wishes"), 303)


# --- what did not arrive -----------------------------------------------------------------------


@bp.get("/undelivered")
@requires(*OPERATORS)
def undelivered() -> str:
    """Show the operator how much waits, and what was given up for which reason."""
    counted = failing.counts()
    return render_template(
        "inbox/undelivered.html",
        numbers=[
            (word, [counted[(way, state)] for state in DeliveryState]) for way, word in WAYS.items()
        ],
        lines=failing.list_given_up(limit=50),
        ways=WAYS,
        faults=FAULTS,
        topics=TOPICS,
    )


@bp.post("/undelivered/<int:delivery_id>")
@requires(*OPERATORS)
def send_again(delivery_id: int) -> ResponseReturnValue:
    """Let a delivery that was given up wait again."""
    with transaction():
        is_waiting = failing.try_again(delivery_id, now=clock.now())
    flash(_("It will be tried again.") if is_waiting else _("It is not given up."), "good")
    return redirect(url_for(".undelivered"), 303)


# --- places on other pages ---------------------------------------------------------------------


def home_cards(*, now: datetime, **_facts: object) -> list[Card]:
    """Offer the newest unread message that matters; nothing is asked where nothing is unread."""
    if not has_inbox() or not g.viewer.unread:
        return []
    unread = service.list_unread(g.viewer.account_id, limit=PER_PAGE)
    newest = next((m for m in unread if kinds.does_matter(m.kind)), None)
    if newest is None:
        return []
    return [
        Card(
            title=kinds.words_of(newest.kind, newest.facts),
            line=_unread_words(g.viewer.unread),
            href=url_for("inbox.index"),
            action=_("Read my messages"),
            chip=_("For you"),
            chip_kind="info",
            rank=50,
        )
    ]


def me_cards(*, now: datetime, **_facts: object) -> list[Card]:
    """Offer the inbox and the wishes."""
    if not has_inbox():
        return []
    unread = g.viewer.unread
    return [
        Card(
            title=_("My messages"),
            line=_("What I was told, and by which way I want to hear of it"),
            href=url_for("inbox.index"),
            action=_("Read"),
            chip=_unread_words(unread) if unread else "",
            chip_kind="info",
        )
    ]


def _unread_words(count: int) -> str:
    return str(ngettext("%(num)d message not read", "%(num)d messages not read", count))


def desk_cards(*, now: datetime, **_facts: object) -> list[Card]:
    """Tell the operator when messages did not arrive."""
    viewer: Viewer | None = g.get("viewer")
    if viewer is None or not viewer.parts & frozenset(OPERATORS):
        return []
    lost = failing.count_given_up()
    if not lost:
        return []
    return [
        Card(
            title=_("Messages that did not arrive"),
            line=str(ngettext("%(num)d message", "%(num)d messages", lost)),
            href=url_for("inbox.undelivered"),
            action=_("See why"),
            chip=_("Look"),
            chip_kind="warn",
        )
    ]
