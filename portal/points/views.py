"""Pages of the points: the household's passbook, and the committee's awards."""

import secrets
from datetime import datetime
from enum import StrEnum

from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import LazyString, ngettext
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import SelectChoice

from portal.core import clock
from portal.core.access import Part, requires
from portal.core.db import transaction
from portal.core.errors import Refused
from portal.core.slots import Card, Link
from portal.people import residents
from portal.people import service as people
from portal.points import passbook, service, taking_part_views
from portal.points.blueprint import bp
from portal.points.forms import AwardForm, ReverseForm, SearchForm
from portal.points.models import PointsItem
from portal.points.rules import Refusal

DESK_LINKS = (Link(_l("Points"), "points.awards", (Part.COMMITTEE, Part.SUPERVISOR, Part.ADMIN)),)

REFUSALS: dict[StrEnum, LazyString] = {
    Refusal.NOT_IN_FORCE: _l("On that day this item was not in the rules of the village."),
    Refusal.NOT_A_VILLAGER: _l("On that day this person was no longer on the roster."),
    Refusal.OWN_HOUSEHOLD: _l(
        "Nobody decides about points of their own household. Ask somebody else of the committee."
    ),
    Refusal.NO_REASON: _l("Say in a few words what it is for: the household will read it."),
    Refusal.TIMES: _l("At least 1 and at most 6 times in one award."),
    Refusal.TOO_MANY_POINTS: _l(
        "One award carries at most 30 points. More than that needs a second person, which is "
        "not possible here yet."
    ),
    Refusal.DAY_AHEAD: _l("This day is still to come. Points are given for what has been done."),
    Refusal.DAY_TOO_OLD: _l("This is more than 60 days ago, too long to be checked."),
    Refusal.CHILD: _l(
        "For a child under 14 a guardian has to confirm, which is not possible here yet."
    ),
    Refusal.CAP_OF_DAY: _l("This person has as much for this item on that day as the rules allow."),
    Refusal.CAP_OF_YEAR: _l(
        "This household would have more for this item in the year than the rules allow."
    ),
    Refusal.KEY_USED: _l("This form was used for another award already. Please start again."),
    Refusal.ALREADY_REVERSED: _l("This award was taken back already."),
    Refusal.SAME_PERSON: _l(
        "You gave these points yourself. Somebody else of the committee has to take them back."
    ),
    Refusal.NOT_ENOUGH: _l("The household no longer has these points."),
}


@bp.get("/")
@requires(Part.ANYONE)
def index() -> str:
    """Show the household's passbook; to everyone, what earns points and what they are for."""
    now = clock.now()
    household_id = g.viewer.household_id if g.viewer and g.viewer.parts else None
    standing = passbook.standing(household_id, now=now) if household_id else None
    page = request.args.get("page", 1, type=int)
    lines = None
    if standing and standing.account_id:
        lines = passbook.passbook(standing.account_id, page=max(1, page))
    return render_template(
        "points/index.html",
        standing=standing,
        lines=lines,
        scheme=service.find_scheme(clock.today(now)),
    )


@bp.get("/awards")
@requires(Part.COMMITTEE, Part.SUPERVISOR, Part.ADMIN)
def awards() -> str:
    """Show what was awarded and taken back in this village, newest first."""
    page = request.args.get("page", 1, type=int)
    return render_template(
        "points/awards.html",
        awards=passbook.awards(page=max(1, page)),
        groups=people.group_names(),
    )


@bp.get("/awards/new")
@requires(Part.COMMITTEE)
def find() -> str:
    """Look for the villager who did something."""
    form = SearchForm(request.args)
    group_id = request.args.get("group", type=int)
    found: list[residents.RosterLine] = []
    total = 0
    if form.q.data or group_id:
        found, total = residents.list_residents(
            search=form.q.data, group_id=group_id, page=1, per_page=30
        )
    return render_template(
        "points/find.html",
        form=form,
        found=found,
        total=total,
        group_id=group_id,
        groups=people.group_names(),
    )


@bp.get("/awards/new/<int:resident_id>")
@requires(Part.COMMITTEE)
def new(resident_id: int, form: AwardForm | None = None) -> str:
    """Show the slip on which the committee writes what this villager did."""
    today = clock.today(clock.now())
    resident = people.get_resident(resident_id)
    scheme = service.find_scheme(today)
    if form is None:
        form = AwardForm(formdata=None, done_on=today, key=secrets.token_hex(16))
        form.item.choices = _choices(scheme.items if scheme else [])
    return render_template(
        "points/new.html",
        form=form,
        resident=resident,
        scheme=scheme,
        notes={item.id: words_of(item) for item in scheme.items} if scheme else {},
        groups=people.group_names(),
        is_own=resident.household_id == g.viewer.household_id,
    )


@bp.post("/awards/new/<int:resident_id>")
@requires(Part.COMMITTEE)
def award(resident_id: int) -> ResponseReturnValue:
    """Give the points."""
    now = clock.now()
    scheme = service.find_scheme(clock.today(now))
    form = AwardForm()
    form.item.choices = _choices(scheme.items if scheme else [])
    if not form.validate_on_submit():
        return new(resident_id, form), 422
    wish = service.Award(
        resident_id=resident_id,
        item_id=form.item.data,
        times=form.times.data or 1,
        done_on=form.done_on.data or clock.today(now),
        reason=form.reason.data or "",
        key=form.key.data or "",
    )
    try:
        with transaction():
            given = service.award(
                wish,
                account_id=g.viewer.account_id,
                own_household_id=g.viewer.household_id,
                now=now,
            )
            words = ngettext("%(num)d point given.", "%(num)d points given.", given.points)
    except Refused as refused:
        form.form_errors = [str(REFUSALS[refused.reason])]
        return new(resident_id, form), 422
    flash(words, "success")
    return redirect(url_for(".awards"))


@bp.get("/awards/<int:transfer_id>")
@requires(Part.COMMITTEE, Part.SUPERVISOR, Part.ADMIN)
def show(transfer_id: int, form: ReverseForm | None = None) -> str:
    """Show one award, and the way to take it back."""
    transfer = service.get_award(transfer_id)
    refusal = service.why_not_reverse(
        transfer,
        reason="--",
        account_id=g.viewer.account_id,
        own_household_id=g.viewer.household_id,
    )
    return render_template(
        "points/show.html",
        transfer=transfer,
        refusal=REFUSALS[refusal] if refusal else None,
        form=form or ReverseForm(formdata=None, key=secrets.token_hex(16)),
        groups=people.group_names(),
    )


@bp.post("/awards/<int:transfer_id>")
@requires(Part.COMMITTEE)
def reverse(transfer_id: int) -> ResponseReturnValue:
    """Take an award back."""
    form = ReverseForm()
    if not form.validate_on_submit():
        return show(transfer_id, form), 422
    try:
        with transaction():
            service.reverse(
                transfer_id,
                reason=form.reason.data or "",
                key=form.key.data or "",
                account_id=g.viewer.account_id,
                own_household_id=g.viewer.household_id,
                now=clock.now(),
            )
    except Refused as refused:
        form.form_errors = [str(REFUSALS[refused.reason])]
        return show(transfer_id, form), 422
    flash(_("The award was taken back. The household reads why in its passbook."), "success")
    return redirect(url_for(".show", transfer_id=transfer_id))


def words_of(item: PointsItem) -> str:
    """Return what an item is worth, in words."""
    words = ngettext(
        "%(num)d point per %(unit)s", "%(num)d points per %(unit)s", item.points, unit=item.unit
    )
    if item.times_per_day:
        words += " · " + _("at most %(n)s times a day", n=item.times_per_day)
    if item.points_per_year:
        words += " · " + _("at most %(n)s points a year", n=item.points_per_year)
    return words


def _choices(items: list[PointsItem]) -> list[SelectChoice]:
    return [SelectChoice(item.id, item.name) for item in items]


bp.add_app_template_global(words_of, "points_words")


# --- on pages of other features --------------------------------------------------------------


def me_cards(*, now: datetime, **_facts: object) -> list[Card]:
    """Return the household's balance for its own page."""
    if not (g.viewer and g.viewer.parts and g.viewer.household_id):
        return []
    standing = passbook.standing(g.viewer.household_id, now=now)
    return [
        Card(
            title=_("Our points"),
            line=ngettext(
                "Your household has %(num)d point.",
                "Your household has %(num)d points.",
                standing.available,
            ),
            href=url_for("points.index"),
            action=_("See the passbook"),
        )
    ]


def desk_cards(*, now: datetime, **_facts: object) -> list[Card]:
    """Return the way to the awards, for those who give them or watch over them."""
    if g.viewer is None or not g.viewer.parts & {Part.COMMITTEE, Part.SUPERVISOR, Part.ADMIN}:
        return []
    if Part.COMMITTEE in g.viewer.parts:
        href, action = url_for("points.find"), _("Give points")
    else:
        href, action = url_for("points.awards"), _("See the awards")
    return [
        Card(
            title=_("Points"),
            line=_("Somebody did something for the village? Write it into their passbook."),
            href=href,
            action=action,
        ),
        *(taking_part_views.card() if Part.COMMITTEE in g.viewer.parts else ()),
    ]
