"""Pages of entering things for somebody else: ask, witness, begin, end, object."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil

from flask import (
    abort,
    current_app,
    flash,
    g,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from itsdangerous import BadSignature, URLSafeTimedSerializer

from portal.assisting import (
    arrival_views,
    counting,
    finding,
    ports,
    recognition_views,
    rules,
    service,
    watch_views,
)
from portal.assisting.blueprint import bp
from portal.assisting.forms import AloneForm, AnswerForm, AskForm, FindForm, ObjectForm
from portal.assisting.rules import Refusal, SittingState
from portal.assisting.watch_views import WATCHERS
from portal.assisting.words import (
    AGES,
    CHANNELS,
    REASONS,
    REFUSALS,
    SEXES,
    STATE_KINDS,
    STATES,
)
from portal.core import audit, clock, limits
from portal.core.access import STAFF, Part, Viewer, may, requires
from portal.core.db import transaction
from portal.core.errors import Refused
from portal.core.slots import Card, Link
from portal.people import behalf
from portal.people import service as people

__all__ = ["DESK_LINKS", "REFUSALS", "VILLAGE_LINKS", "arrival_views", "bp", "home_cards"]

HELPERS = (Part.VILLAGER, Part.COMMITTEE, Part.GRID_WORKER)
SEARCHES = limits.Limit(
    "assisted-search", limits.Per.PERSON, rules.SEARCHES_IN_AN_HOUR, timedelta(hours=1)
)
FOUND_FOR = 3600  # seconds that a found person stays found
DESK_LINKS: tuple[Link, ...] = (
    Link(_l("Help with entering"), "assisting.helpers", WATCHERS),
    Link(_l("Recognise residents"), "assisting.requests", recognition_views.VOUCHERS),
)
VILLAGE_LINKS: tuple[Link, ...] = (
    Link(_l("Help with entering"), "assisting.totals", (Part.ANYONE,)),
)


@bp.get("/")
@requires(*HELPERS)
def index(form: FindForm | None = None) -> str:
    """Show how helping works, whom I help or look on for, and how to find somebody."""
    now = clock.now()
    return render_template(
        "assisting/index.html",
        form=form or FindForm(formdata=None),
        lines=counting.list_of_helper(g.viewer.account_id, now=now),
        waiting=counting.list_for_witness(g.viewer.account_id, now=now),
        months=counting.months_of(g.viewer.account_id, since=clock.today(now)),
        states=STATES,
        kinds=STATE_KINDS,
        entered_words=entered_words,
    )


@bp.post("/find")
@requires(*HELPERS)
def find() -> ResponseReturnValue:
    """Look for one person. Each search is counted, and each person found can read of it."""
    form, now = FindForm(), clock.now()
    if not form.validate_on_submit():
        return index(form), 422
    if limits.take_all(((SEARCHES, g.viewer.account_id),), now=now):
        form.form_errors = [str(REFUSALS[Refusal.TOO_MANY_SEARCHES])]
        return index(form), 429
    with transaction():
        found = finding.find_people(
            name=form.name.data, household=form.household.data, slip=form.slip.data, now=now
        )
        if found:
            ids = [person.resident_id for person in found]
            audit.note(audit.Look.OPENED, "assisted-search", now=now, resident_ids=ids)
    if not found:
        form.form_errors = [str(REFUSALS[Refusal.NOBODY_FOUND])]
        return index(form), 422
    return render_template(
        "assisting/found.html",
        found=[(person, _seal(person.resident_id)) for person in found],
        sexes=SEXES,
        ages=AGES,
    )


@bp.get("/new")
@requires(*HELPERS)
def new(form: AskForm | None = None) -> ResponseReturnValue:
    """Ask for reason, channel and witness; or say why this person cannot be helped."""
    now = clock.now()
    who = request.args.get("who", "") if form is None else form.who.data or ""
    resident_id = _unseal(who)
    if resident_id is None:
        flash(_("Please look for the person again."), "info")
        return redirect(url_for(".index"))
    person = finding.get_person(resident_id, day=clock.today(now))
    refusal = service.why_not_help(resident_id, helper=_helper(), now=now)
    return render_template(
        "assisting/new.html",
        person=person,
        form=form or AskForm(formdata=None, who=who),
        refusal=refusal and REFUSALS[refusal],
        sexes=SEXES,
        ages=AGES,
    )


@bp.post("/new")
@requires(*HELPERS)
def ask() -> ResponseReturnValue:
    """Ask the witness. Nothing is open yet."""
    form, now = AskForm(), clock.now()
    resident_id = _unseal(form.who.data or "")
    if resident_id is None or not form.validate_on_submit():
        return new(form), 422
    if limits.take_all(((SEARCHES, g.viewer.account_id),), now=now):
        form.witness.errors = [REFUSALS[Refusal.TOO_MANY_SEARCHES]]
        return new(form), 429
    try:
        with transaction():
            sitting = service.ask(
                resident_id=resident_id,
                helper=_helper(),
                witness_id=finding.find_witness(form.witness.data, day=clock.today(now)),
                reason=form.chosen_reason(),
                channel=form.chosen_channel(),
                note=form.note.data,
                now=now,
            )
            sitting_id = sitting.id
    except Refused as refused:
        words = REFUSALS[refused.reason]
        if str(refused.reason).startswith("witness"):
            form.witness.errors = [words]
        else:
            form.form_errors = [str(words)]
        return new(form), 422
    flash(_("The witness has been asked. They agree in their own phone."), "success")
    return redirect(url_for(".show", sitting_id=sitting_id))


@bp.get("/<int:sitting_id>")
@requires(Part.VILLAGER, *STAFF)
def show(sitting_id: int, form: ObjectForm | None = None) -> str:
    """Show one sitting to those whom it concerns, with what each of them can do now."""
    now = clock.now()
    sitting = service.get_sitting(sitting_id)
    viewer: Viewer = g.viewer
    is_person = sitting.resident_id == viewer.resident_id
    is_helper = sitting.helper_id == viewer.account_id
    is_witness = sitting.witness_id == viewer.account_id
    if not (is_person or is_helper or is_witness or may(*WATCHERS)):
        abort(404)
    return render_template(
        "assisting/show.html",
        line=counting.line_of(sitting, now=now),
        sitting=sitting,
        person=finding.get_person(sitting.resident_id, day=clock.today(now)),
        is_person=is_person,
        is_helper=is_helper,
        is_witness=is_witness,
        form=form or ObjectForm(formdata=None),
        State=SittingState,
        states=STATES,
        kinds=STATE_KINDS,
        reasons=REASONS,
        channels=CHANNELS,
        entered_words=entered_words,
        until=sitting.began_at and rules.objection_until(sitting.began_at),
    )


@bp.post("/<int:sitting_id>/answer")
@requires(Part.VILLAGER, *STAFF)
def answer(sitting_id: int) -> ResponseReturnValue:
    """Take the witness's answer."""
    service.get_sitting(sitting_id)
    form = AnswerForm()
    if not form.validate_on_submit():
        abort(400)
    agrees = form.agrees.data == "yes"
    try:
        with transaction():
            service.answer(
                sitting_id, witness_id=g.viewer.account_id, agrees=agrees, now=clock.now()
            )
    except Refused as refused:
        return _refused(sitting_id, refused)
    flash(_("Thank you. The helper can begin now.") if agrees else _("You have declined."), "info")
    return redirect(url_for(".show", sitting_id=sitting_id), 303)


@bp.post("/<int:sitting_id>/begin")
@requires(*HELPERS, on_behalf=True)
def begin(sitting_id: int) -> ResponseReturnValue:
    """Begin: from now on this session enters for the person. Forms opened before are void."""
    going_on = behalf.current_sitting()
    if going_on is not None:
        if going_on.id != sitting_id:
            abort(403)
        return redirect(url_for("people.take_part"), 303)
    try:
        with transaction():
            service.begin(
                sitting_id, helper=_helper(), session_id=g.viewer.session_id, now=clock.now()
            )
    except Refused as refused:
        return _refused(sitting_id, refused)
    _void_forms()
    return redirect(url_for("people.take_part"), 303)


@bp.post("/end")
@requires(Part.ANYONE, on_behalf=True)
def end() -> ResponseReturnValue:
    """End the sitting of this session. Forms opened in it are void from now on."""
    if g.viewer is None:
        return redirect(url_for("people.home"), 303)
    with transaction():
        sitting = service.end(
            helper_id=g.viewer.account_id, session_id=g.viewer.session_id, now=clock.now()
        )
        ended = sitting and (sitting.id, sitting.village_id)
    _void_forms()
    if not ended or ended[1] != g.village.id:
        return redirect(url_for("people.home"), 303)
    flash(_("You enter for yourself again."), "success")
    return redirect(url_for(".show", sitting_id=ended[0]), 303)


# --- the person --------------------------------------------------------------------------------


@bp.get("/mine")
@requires(Part.VILLAGER)
def mine() -> str:
    """Show what was entered for me, and whether I want that at all."""
    now = clock.now()
    resident = people.get_resident(g.viewer.resident_id)
    return render_template(
        "assisting/mine.html",
        lines=counting.list_for_person(resident.id, now=now),
        alone=AloneForm(formdata=None, alone=resident.enters_alone),
        states=STATES,
        entered_words=entered_words,
    )


@bp.post("/mine")
@requires(Part.VILLAGER)
def set_wish() -> ResponseReturnValue:
    """Keep whether others may enter things for me."""
    form = AloneForm()
    if not form.validate_on_submit():
        abort(400)
    with transaction():
        service.set_enters_alone(g.viewer.resident_id, alone=form.alone.data)
    flash(_("Your wish has been kept."), "success")
    return redirect(url_for(".mine"), 303)


@bp.post("/<int:sitting_id>/object")
@requires(Part.VILLAGER)
def object_to(sitting_id: int) -> ResponseReturnValue:
    """Take the person's objection."""
    form = ObjectForm()
    if not form.validate_on_submit():
        return show(sitting_id, form), 422
    try:
        with transaction():
            service.object_to(
                sitting_id,
                resident_id=g.viewer.resident_id,
                words=form.words.data,
                now=clock.now(),
            )
    except Refused as refused:
        return _refused(sitting_id, refused)
    flash(_("Your objection is noted. The supervisor and the head of the committee see it."))
    return redirect(url_for(".show", sitting_id=sitting_id), 303)


# --- on every page -----------------------------------------------------------------------------


@dataclass(frozen=True)
class Banner:
    """What stands above every page while somebody enters for somebody else."""

    person: str = ""
    witness: str = ""
    minutes: int = 0
    is_over: bool = False


@bp.app_template_global("sitting_banner")
def banner() -> Banner | None:
    """Return what the banner says, or None where everybody enters for themselves."""
    viewer: Viewer | None = g.get("viewer")
    if viewer is None or (viewer.sitting_id is None and not viewer.must_end_sitting):
        return None
    if viewer.sitting_id is None:
        return Banner(is_over=True)
    now = clock.now()
    sitting = service.get_sitting(viewer.sitting_id)
    line = counting.names_of(sitting)
    left = (sitting.expires_at - now).total_seconds()
    return Banner(line.person, line.witness, minutes=max(1, ceil(left / 60)))


@bp.app_template_global("entered_words")
def entered_words(entered: dict[str, int]) -> str:
    """Return what was entered in words: “Votes: 1 · Opinions: 2”."""
    known = ports.kinds()
    return " · ".join(f"{known[kind].words}: {n}" for kind, n in entered.items() if kind in known)


def home_cards(*, now: datetime, **_facts: object) -> list[Card]:
    """Offer what waits for the witness; nothing else belongs on the first page."""
    return _witness_cards(now)


def me_cards(*, now: datetime, **_facts: object) -> list[Card]:
    """Offer helping, what was entered for me, and being recognised."""
    cards = _witness_cards(now) + recognition_views.me_cards(now=now)
    if may(*HELPERS):
        cards.append(
            Card(
                title=_("Enter for somebody"),
                line=_("For people who cannot do it themselves, before a witness"),
                href=url_for("assisting.index"),
                action=_("Begin"),
                rank=-20,
            )
        )
    if may(Part.VILLAGER):
        lines = counting.list_for_person(g.viewer.resident_id, now=now)
        new = [line for line in lines if line.may_object]
        cards.append(
            Card(
                title=_("Entered for me"),
                line=ngettext("%(num)d time", "%(num)d times", len(lines))
                if lines
                else _("Nobody has entered anything for you."),
                href=url_for("assisting.mine"),
                action=_("Look"),
                chip=_("new") if new else "",
                chip_kind="warn",
                rank=-21,
            )
        )
    return cards


def desk_cards(*, now: datetime, **_facts: object) -> list[Card]:
    """Offer what waits for staff: objections, and requests to be recognised."""
    return watch_views.desk_cards(now=now) + recognition_views.desk_cards(now=now)


def _witness_cards(now: datetime) -> list[Card]:
    viewer: Viewer | None = g.get("viewer")
    if viewer is None or viewer.sitting_id or not viewer.parts:
        return []
    return [
        Card(
            title=_("You are asked to be a witness"),
            line=_("%(helper)s wants to enter for %(person)s.", helper=x.helper, person=x.person),
            href=url_for("assisting.show", sitting_id=x.id),
            action=_("Answer"),
            chip=_("Waits for you"),
            chip_kind="warn",
            rank=50,
        )
        for x in counting.list_for_witness(viewer.account_id, now=now)
    ]


def _helper() -> service.Helper:
    return service.Helper(g.viewer.account_id, is_staff=may(Part.COMMITTEE, Part.GRID_WORKER))


def _refused(sitting_id: int, refused: Refused) -> ResponseReturnValue:
    flash(REFUSALS[refused.reason], "error")
    return redirect(url_for(".show", sitting_id=sitting_id), 303)


def _void_forms() -> None:
    """Draw a new token, so that no form opened on the other side of the line is taken."""
    session.pop(current_app.config["WTF_CSRF_FIELD_NAME"], None)


def _sealer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(current_app.config["SECRET_KEY"], salt="assisted-person")


def _seal(resident_id: int) -> str:
    """Return the proof that this helper found this person: ids in addresses open nobody."""
    return str(_sealer().dumps([g.viewer.account_id, g.village.id, resident_id]))


def _unseal(text: str) -> int | None:
    try:
        helper_id, village_id, resident_id = _sealer().loads(text, max_age=FOUND_FOR)
    except BadSignature:  # expired ones too
        return None
    is_mine = (helper_id, village_id) == (g.viewer.account_id, g.village.id)
    return int(resident_id) if is_mine else None
