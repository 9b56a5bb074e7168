"""Pages of whoever wants to help: find the person, ask the witness."""

from datetime import timedelta

from flask import current_app, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from itsdangerous import BadSignature, URLSafeTimedSerializer

from portal.assisting import counting, finding, helpers, rules, service
from portal.assisting.blueprint import bp
from portal.assisting.forms import AskForm, FindForm
from portal.assisting.rules import Refusal
from portal.assisting.words import AGES, REFUSALS, SEXES, STATE_KINDS, STATES
from portal.core import audit, clock, limits
from portal.core.access import Part, may, requires
from portal.core.db import transaction
from portal.core.errors import Refused

HELPERS = (Part.VILLAGER, Part.COMMITTEE, Part.GRID_WORKER)
SEARCHES = limits.Limit(
    "assisted-search", limits.Per.PERSON, rules.SEARCHES_IN_AN_HOUR, timedelta(hours=1)
)
FOUND_FOR = 3600  # seconds that a found person stays found


def helper_here() -> helpers.Helper:
    """Return who helps: the account of this session, and what it shows of a post."""
    return helpers.Helper(g.viewer.account_id, is_staff=may(Part.COMMITTEE, Part.GRID_WORKER))


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
    refusal = helpers.why_not_help(resident_id, helper=helper_here(), now=now)
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
                helper=helper_here(),
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
