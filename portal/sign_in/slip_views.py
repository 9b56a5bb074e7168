"""Pages of the printed codes: choose whose, print them, take a lost one back."""

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta

from flask import abort, current_app, flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import force_locale, format_date
from flask_babel import gettext as _
from wtforms import SelectChoice

from portal.core import audit, clock, pages
from portal.core.access import Part, may, requires
from portal.core.audit import Look
from portal.core.db import transaction
from portal.core.errors import Refused
from portal.core.masking import mask_name
from portal.core.outbox import publish
from portal.people import posts
from portal.people import service as people
from portal.sign_in import rules, slip_pdf, slips
from portal.sign_in.blueprint import bp
from portal.sign_in.events import SlipsPrinted
from portal.sign_in.slip_forms import HomeSlipForm, LostSlipForm, OwnSlipForm, SlipsForm
from portal.sign_in.slips import Home, Slip
from portal.sign_in.words import REFUSALS

EVERYBODY = 0
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
LANGUAGE = "zh_Hans"
"""Slips are in the village's language, whoever prints them."""


@bp.get("/desk/slips")
@requires(Part.COMMITTEE, Part.ADMIN)
def slips_page(form: SlipsForm | None = None) -> str:
    """Show who has a slip, and offer to print new ones."""
    now = clock.now()
    homes = slips.list_homes()
    groups = people.group_names()
    return render_template(
        "sign_in/slips.html",
        form=form or _slips_form(groups, seen_at=now),
        groups=[(key, name, *_counts(homes, key, now=now)) for key, name in groups.items()],
        total=len(homes),
        sheets=-(-len(homes) // slip_pdf.PER_PAGE),
    )


@bp.post("/desk/slips")
@requires(Part.COMMITTEE, Part.ADMIN)
def print_slips() -> ResponseReturnValue:
    """Make new codes for every household of a group, or of the village, as a PDF to print."""
    if g.village.closed_at:
        return _refuse_closed(slips_page)
    groups = people.group_names()
    form = _slips_form(groups)
    if not form.validate_on_submit():
        return slips_page(form), 422
    group_id = form.whose.data or None
    name = groups[group_id] if group_id else g.village.name
    try:
        drawn = slips.draw_slips(group_id=group_id)
        return _print(drawn, name, seen=form.seen.data, group_id=group_id)
    except Refused as refused:
        flash(REFUSALS[refused.reason], "error")
        return slips_page(), 409


@bp.get("/desk/slips/groups/<int:group_id>")
@requires(Part.COMMITTEE, Part.ADMIN)
def group_slips(group_id: int) -> str:
    """List the households of a group, to find the one that lost its slip."""
    now = clock.now()
    groups = people.group_names()
    if group_id not in groups:
        abort(404)
    homes = [(home, _is_good(home, now=now)) for home in slips.list_homes(group_id=group_id)]
    return render_template("sign_in/group_slips.html", name=groups[group_id], homes=homes)


@bp.get("/desk/slips/households/<int:household_id>")
@requires(Part.COMMITTEE, Part.ADMIN)
def home_slip(household_id: int, form: HomeSlipForm | None = None) -> str:
    """Offer a new slip for a household, or to take the lost one back."""
    home = _get_home(household_id)
    now = clock.now()
    return render_template(
        "sign_in/home_slip.html",
        home=home,
        is_good=_is_good(home, now=now),
        form=form or HomeSlipForm(formdata=None, seen=_micros(now)),
    )


@bp.post("/desk/slips/households/<int:household_id>")
@requires(Part.COMMITTEE, Part.ADMIN)
def print_home_slip(household_id: int) -> ResponseReturnValue:
    """Make a new code for one household, as a PDF to print."""
    home = _get_home(household_id)
    if g.village.closed_at:
        return _refuse_closed(lambda: home_slip(household_id))
    form = HomeSlipForm()
    if not form.validate_on_submit():
        return home_slip(household_id, form), 422
    try:
        drawn = slips.draw_slips(household_id=home.id)
        return _print(drawn, home.number, seen=form.seen.data, household_id=home.id)
    except Refused as refused:
        flash(REFUSALS[refused.reason], "error")
        return home_slip(household_id), 409


@bp.post("/desk/slips/households/<int:household_id>/lost")
@requires(Part.COMMITTEE, Part.ADMIN)
def take_slip_back(household_id: int) -> ResponseReturnValue:
    """Let a lost slip open nothing any more, and end what was opened with it."""
    home = _get_home(household_id)
    if not LostSlipForm().validate_on_submit():
        abort(400)
    now = clock.now()
    with transaction():
        slips.take_back(home.id, now=now)
        audit.note(Look.CHANGED, "slips", now=now, resident_ids=slips.members_of([home.id]))
    flash(_("The slip opens nothing any more. Whoever came in by it is signed out."), "success")
    return redirect(url_for(".home_slip", household_id=home.id), 303)


@bp.get("/desk/slips/residents/<int:resident_id>")
@requires(Part.COMMITTEE, Part.ADMIN)
def own_slip(resident_id: int, form: OwnSlipForm | None = None) -> str:
    """Offer a slip for one person alone, in whose name nobody else of the household comes in."""
    now = clock.now()
    drawn = slips.draw_own_slip(resident_id)
    return render_template(
        "sign_in/own_slip.html",
        resident_id=resident_id,
        slip=drawn,
        made_at=slips.own_made_at(resident_id),
        form=form or OwnSlipForm(formdata=None, seen=_micros(now)),
    )


@bp.post("/desk/slips/residents/<int:resident_id>")
@requires(Part.COMMITTEE, Part.ADMIN)
def print_own_slip(resident_id: int) -> ResponseReturnValue:
    """Make a new code for one person, as a PDF to print."""
    form, now = OwnSlipForm(), clock.now()
    if _opens_a_post(resident_id, now=now):
        abort(403)
    if g.village.closed_at:
        return _refuse_closed(lambda: own_slip(resident_id))
    if not form.validate_on_submit():
        return own_slip(resident_id, form), 422
    drawn = slips.draw_own_slip(resident_id)
    content = _paper([drawn], day=clock.today(now), is_own=True)
    try:
        with transaction():
            seen_at = _moment(form.seen.data or 0)
            slips.keep_own_slip(resident_id, drawn, seen_at=seen_at, now=now)
            _note([resident_id], [resident_id], now=now)
    except Refused as refused:
        flash(REFUSALS[refused.reason], "error")
        return own_slip(resident_id), 409
    return _download(content, drawn.number, now=now)


def _opens_a_post(resident_id: int, *, now: datetime) -> bool:
    """Tell whether the slip would open somebody's post that is not the viewer's to open.

    Posts of the village are the administrator's, those of a region above nobody's here.
    """
    account, day = people.find_account(resident_id), clock.today(now)
    held = posts.posts_of(account.id) if account else []
    return any(
        post.state_on(day) != "done"
        and not (may(Part.ADMIN) and post.region_code.startswith(g.village.code))
        for post in held
    )


def _refuse_closed(page: Callable[[], str]) -> ResponseReturnValue:
    """Say that a closed village prints nothing: whoever came in by a slip would find no page."""
    flash(_("This village is closed. Slips are printed when it is open again."), "error")
    return page(), 409


def _slips_form(groups: dict[int, str], *, seen_at: datetime | None = None) -> SlipsForm:
    form = SlipsForm() if seen_at is None else SlipsForm(formdata=None, seen=_micros(seen_at))
    form.whose.choices = [
        SelectChoice(EVERYBODY, _("The whole village")),
        *(SelectChoice(group_id, name) for group_id, name in groups.items()),
    ]
    return form


def _micros(moment: datetime) -> int:
    return (moment - EPOCH) // timedelta(microseconds=1)


def _moment(micros: int) -> datetime:
    try:
        return EPOCH + timedelta(microseconds=micros)
    except OverflowError:
        return EPOCH


def _get_home(household_id: int) -> Home:
    found = slips.list_homes(household_id=household_id)
    if not found:
        abort(404)
    return found[0]


def _is_good(home: Home, *, now: datetime) -> bool:
    return home.made_at is not None and rules.is_slip_good(made_at=home.made_at, now=now)


def _counts(
    homes: Sequence[Home], group_id: int, *, now: datetime
) -> tuple[int, int, datetime | None]:
    """Return the households of a group, those with a good slip, and when the last was made."""
    here = [home for home in homes if home.group_id == group_id]
    made = [home.made_at for home in here if home.made_at is not None]
    return len(here), sum(_is_good(home, now=now) for home in here), max(made, default=None)


def _print(
    drawn: Sequence[Slip],
    name: str,
    *,
    seen: int | None,
    group_id: int | None = None,
    household_id: int | None = None,
) -> ResponseReturnValue:
    """Answer with the paper. Only when it is made are the codes kept, and the older ones ended."""
    if not drawn:
        abort(404)
    now = clock.now()
    content = _paper(drawn, day=clock.today(now))
    with transaction():
        slips.keep_slips(drawn, seen_at=_moment(seen or 0), now=now)
        whom = slips.members_of([slip.household_id for slip in drawn])
        _note(whom, whom if household_id is not None else None, group_id=group_id, now=now)
    return _download(content, name, now=now)


def _note(
    whom: Sequence[int],
    named: Sequence[int] | None,
    *,
    now: datetime,
    group_id: int | None = None,
) -> None:
    """Note the printing, by name or for a whole group, and let those be told whose slip it is."""
    audit.note(Look.PRINTED, "slips", now=now, resident_ids=named, group_id=group_id)
    publish(SlipsPrinted(resident_ids=tuple(whom), by_name=g.viewer.name), now=now)


def _download(content: bytes, name: str, *, now: datetime) -> ResponseReturnValue:
    return pages.download(content, f"登录条-{name}-{clock.today(now)}.pdf", "application/pdf")


def _paper(drawn: Sequence[Slip], *, day: date, is_own: bool = False) -> bytes:
    origin = current_app.config["SETTINGS"].public_url
    with force_locale(LANGUAGE):
        sheets = [
            slip_pdf.SlipSheet(
                place=_("%(group)s · household %(number)s", group=slip.group, number=slip.number),
                home=(
                    _("%(name)s alone", name=mask_name(slip.name))
                    if is_own
                    else _("Family of %(name)s", name=mask_name(slip.name))
                ),
                code=rules.grouped(slip.code),
                address=origin + url_for(".slip", code=slip.code),
            )
            for slip in drawn
        ]
        if is_own:
            older_end = _("Older slips of this person alone no longer work.")
            whose = _("It opens your own account only. Keep it apart from the household's slip.")
        else:
            older_end = _("Older slips of this household no longer work.")
            whose = _("Tap your own name. Everybody in the household signs in for themselves.")
        words = slip_pdf.Words(
            village=g.village.name,
            title=_("Sign-in slip"),
            until=_(
                "Printed on %(day)s, good until %(last)s",
                day=format_date(day),
                last=format_date(rules.slip_ends_on(day)),
            ),
            older_end=older_end,
            use=(
                _("Scan the square with WeChat or a camera, or enter the code on the page below."),
                whose,
                _("Give it to nobody outside. Lost? Tell the village committee at once."),
            ),
            address=origin + url_for(".index"),
            english=OWN_ENGLISH if is_own else ENGLISH,
            language="zh-CN",
        )
    return slip_pdf.render(sheets, words)


ENGLISH = (
    "Scan the square, or enter the code on the page above, then tap your own name. For this"
    " household only. Lost it? Tell the village committee at once."
)
OWN_ENGLISH = (
    "Scan the square, or enter the code on the page above. It opens your own account only. Lost it?"
    " Tell the village committee at once."
)
"""For whoever reads no Chinese."""
