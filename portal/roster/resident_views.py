"""The page of a resident: masked until somebody says why they look; what can be done there."""

from dataclasses import dataclass
from typing import Any

from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from wtforms import SelectChoice

from portal.core import audit, clock
from portal.core.access import requires
from portal.core.audit import Look
from portal.core.db import transaction
from portal.core.errors import Refused
from portal.people import electorate
from portal.people import service as people
from portal.roster import known, labels, ports, service
from portal.roster.blueprint import KEEPERS, bp, page_of
from portal.roster.forms import (
    DayForm,
    HouseholdForm,
    LeaveForm,
    NewcomerForm,
    ReasonForm,
    ResidentForm,
)
from portal.roster.person import FIELDS, Person
from portal.roster.rules import Action, ImportState, Refusal

PER_PAGE = 20
BLAMED = {
    Refusal.DAY_TO_COME: "day",
    Refusal.BEFORE_BIRTH: "day",
    Refusal.NEW_HOUSEHOLD: "group",
    Refusal.CLASH: "name",
    Refusal.ID_OF_ANOTHER: "id_number",
}
HIDDEN = ("id_digest", "id_last4", "born_on_is_exact")


@dataclass(frozen=True)
class Fact:
    """One line of somebody's page."""

    label: Any
    value: str


def facts_of(person: Person, *, is_open: bool) -> list[Fact]:
    """Return the lines of a person, masked unless they were opened."""
    words = labels.told if is_open else labels.shown
    found = [
        Fact(labels.FIELDS[name], words(name, getattr(person, name)))
        for name in FIELDS
        if name not in HIDDEN and (name not in ("admitted_on", "left_on") or getattr(person, name))
    ]
    last4 = labels.shown("id_number", person.id_last4) if is_open else "—"
    if person.id_last4 and not is_open:
        last4 = "******************"
    return [*found, Fact(labels.FIELDS["id_number"], last4)]


@bp.get("/roster/residents/<int:resident_id>")
@requires(*KEEPERS)
def show_resident(resident_id: int, form: ReasonForm | None = None) -> str:
    """Show a resident, masked, with what was changed about them."""
    return _page(resident_id, form=form or ReasonForm(formdata=None))


def _page(resident_id: int, **facts: Any) -> str:
    person = known.read_one(resident_id)
    page = max(request.args.get("page", 1, type=int), 1)
    entries, total = service.list_changes(resident_id=resident_id, page=page, per_page=PER_PAGE)
    resident = people.get_resident(resident_id)
    today = clock.today(clock.now())
    return render_template(
        "roster/resident.html",
        resident_id=resident_id,
        person=person,
        facts=facts.pop("opened", None) or facts_of(person, is_open=False),
        entries=entries,
        page=page_of(list(entries), total, page=page, per_page=PER_PAGE),
        basis=electorate.basis_of(resident, day=today),
        is_elector=electorate.is_of_electorate(resident, day=today),
        labels=labels,
        **{"correction": None} | facts,
    )


@bp.post("/roster/residents/<int:resident_id>/open")
@requires(*KEEPERS)
def open_resident(resident_id: int) -> ResponseReturnValue:
    """Show everything about a resident to whoever says why; the resident can read who did."""
    form = ReasonForm()
    if not form.validate_on_submit():
        return _page(resident_id, form=form), 422
    with transaction():
        person = known.read_one(resident_id)
        audit.note(
            Look.OPENED,
            "roster",
            now=clock.now(),
            resident_ids=[resident_id],
            reason=form.reason.data,
        )
    correction = ResidentForm(
        formdata=None, data={name: getattr(person, name) for name in FIELDS} | {"reason": ""}
    )
    correction.sex.data = person.sex.value
    correction.stamp.data = service.stamp_of(person)
    return _page(
        resident_id, form=None, opened=facts_of(person, is_open=True), correction=correction
    )


@bp.post("/roster/residents/<int:resident_id>/correct")
@requires(*KEEPERS)
def correct(resident_id: int) -> ResponseReturnValue:
    """Correct the facts of a resident."""
    form = ResidentForm()
    if form.validate_on_submit():
        facts = form.facts() | _id_facts(form)
        try:
            with transaction():
                done = service.correct(resident_id, facts, _deed(form), stamp=form.stamp.data or "")
                return _told(resident_id, *done)
        except Refused as refused:
            _blame(form, refused)
    return _page(resident_id, form=None, correction=form), 422


@bp.get("/roster/residents/new")
@requires(*KEEPERS)
def new_resident(form: NewcomerForm | None = None) -> str:
    """Show the form for somebody who is not on the roster yet."""
    form = form or NewcomerForm(formdata=None, data={"is_registered": True, "sex": "unknown"})
    _offer_groups(form)
    return render_template("roster/new_resident.html", form=form)


@bp.post("/roster/residents/new")
@requires(*KEEPERS)
def add_resident() -> ResponseReturnValue:
    """Add somebody to the roster."""
    form = NewcomerForm()
    if form.validate_on_submit():
        person = Person(household=form.household.data, group=0, **form.facts() | _id_facts(form))
        try:
            with transaction():
                staged, state = service.add(person, form.group.data, _deed(form))
                import_id = staged.id
        except Refused as refused:
            _blame(form, refused)
        else:
            _flash(state)
            if state is ImportState.WAITING:
                return redirect(url_for(".show_import", import_id=import_id), 303)
            return redirect(url_for(".index", q=form.household.data), 303)
    return new_resident(form), 422


FORMS = {
    "leave": LeaveForm,
    "move": HouseholdForm,
    "admit": DayForm,
    "return": ReasonForm,
}
ACTIONS = {
    "leave": Action.LEAVE,
    "move": Action.MOVE,
    "admit": Action.ADMIT,
    "return": Action.RETURN,
}


@bp.get("/roster/residents/<int:resident_id>/<any(leave,move,admit,return):action>")
@requires(*KEEPERS)
def action_page(resident_id: int, action: str, form: Any = None) -> str:
    """Show the form for something that happened to a resident."""
    form = form or FORMS[action](formdata=None)
    if action == "move":
        _offer_groups(form)
    return render_template(
        "roster/action.html",
        form=form,
        action=action,
        title=labels.ACTIONS[ACTIONS[action]],
        person=known.read_one(resident_id),
        resident_id=resident_id,
        in_use=ports.is_in_use(now=clock.now()),
    )


@bp.post("/roster/residents/<int:resident_id>/<any(leave,move,admit,return):action>")
@requires(*KEEPERS)
def act(resident_id: int, action: str) -> ResponseReturnValue:
    """Write down what happened to a resident, or let it wait for a second person."""
    form: Any = FORMS[action]()
    if form.validate_on_submit():
        try:
            with transaction():
                return _told(resident_id, *_act(resident_id, action, form))
        except Refused as refused:
            _blame(form, refused)
    return action_page(resident_id, action, form), 422


def _act(resident_id: int, action: str, form: Any) -> service.Done:
    deed = _deed(form)
    if action == "move":
        return service.move(resident_id, form.household.data, form.group.data, deed)
    if action == "admit":
        return service.admit(resident_id, form.day.data, deed)
    if action == "return":
        return service.come_back(resident_id, deed)
    has_died = form.how.data == "died"
    return service.leave(resident_id, form.day.data, deed, has_died=has_died)


def _deed(form: ReasonForm) -> service.Deed:
    return service.Deed(account_id=g.viewer.account_id, reason=form.reason.data, now=clock.now())


def _id_facts(form: ResidentForm) -> dict[str, str]:
    number = form.id_number.data
    if not number:
        return {}
    return {"id_digest": known.digest_id(number), "id_last4": number[-4:].upper()}


def _offer_groups(form: Any) -> None:
    groups = [SelectChoice(str(group.number), group.name) for group in people.list_groups()]
    form.group.choices = [SelectChoice("", _("as the household")), *groups]


def _blame(form: Any, refused: Refused) -> None:
    words = labels.REFUSALS[refused.reason]
    field = getattr(form, BLAMED.get(Refusal(refused.reason), ""), None)
    if field is None:
        form.form_errors.append(words)
    else:
        field.errors = [*field.errors, words]


def _told(resident_id: int, staged: Any, state: ImportState) -> ResponseReturnValue:
    _flash(state)
    if state is ImportState.WAITING:
        return redirect(url_for(".show_import", import_id=staged.id), 303)
    return redirect(url_for(".show_resident", resident_id=resident_id), 303)


def _flash(state: ImportState) -> None:
    if state is ImportState.WAITING:
        flash(_("A ballot is under way: this waits until a second person agrees."), "warning")
    else:
        flash(_("Written down."), "success")
