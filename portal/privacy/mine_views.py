"""Pages on which people see, take home and erase what is kept about them."""

import json

from flask import current_app, flash, g, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.core import audit, clock, pages, retention
from portal.core.access import Part, requires
from portal.core.db import transaction
from portal.core.errors import Refused
from portal.core.personal import Wish, keepers, plain, tell
from portal.people.words import ROLES
from portal.privacy import erasing, looks, service
from portal.privacy.blueprint import PER_PAGE, asking, bp
from portal.privacy.forms import EraseForm
from portal.privacy.rules import Refusal
from portal.privacy.words import LOOKS, REFUSALS, THINGS

SHOWN = 20
"""How many rows of a pile the page shows; the file has all of them."""


@bp.get("/mine")
@requires(Part.ANYONE)
def mine() -> str:
    """Show the ways to one's own data."""
    viewer = asking()
    return render_template("privacy/mine.html", has_seen=service.has_seen(viewer.account_id))


@bp.get("/data")
@requires(Part.ANYONE)
def data() -> ResponseReturnValue:
    """Show everything that is kept about whoever asks."""
    viewer = asking()
    if refusal := service.why_not_hand_out(viewer, now=clock.now()):
        return _again(refusal)
    person = erasing.person_of(viewer.account_id)
    told = [(keeper, tell(keeper, person)) for keeper in keepers()]
    return render_template(
        "privacy/data.html", told=[(k, [t for t in ts if t.rows]) for k, ts in told], shown=SHOWN
    )


@bp.post("/data.json")
@requires(Part.ANYONE)
def download() -> ResponseReturnValue:
    """Hand out everything that is kept about whoever asks, as a file; that is noted."""
    viewer = asking()
    now = clock.now()
    if refusal := service.why_not_hand_out(viewer, now=now):
        return _again(refusal)
    with transaction():
        person = erasing.person_of(viewer.account_id)
        known = [] if person.resident_id is None else [person.resident_id]
        audit.note(audit.Look.EXPORTED, "own-data", now=now, resident_ids=known)
        service.note_export(viewer.account_id, now=now)
        content = {
            keeper.key: {
                told.pile.name: [
                    {key: plain(value) for key, value in row.items()} for row in told.rows
                ]
                for told in tell(keeper, person)
            }
            for keeper in keepers()
        }
    whole = {
        "made_at": now.isoformat(),
        "village": {"code": g.village.code, "name": g.village.name},
        "notice": retention.version(),
        "data": content,
    }
    text = json.dumps(whole, ensure_ascii=False, indent=2)
    return pages.download(text.encode(), f"{_('My data')}.json", "application/json")


def _again(refusal: Refusal) -> ResponseReturnValue:
    way_back = url_for(".erase") if request.endpoint == "privacy.erase_me" else url_for(".data")
    page = render_template("privacy/again.html", refusal=REFUSALS[refusal], next=way_back)
    return page, 403


@bp.get("/looks")
@requires(Part.ANYONE)
def my_looks() -> str:
    """Show who looked at the data of whoever asks."""
    viewer = asking()
    page = max(request.args.get("page", 1, type=int), 1)
    lines, total = looks.list_looks(erasing.person_of(viewer.account_id), page=page)
    return render_template(
        "privacy/looks.html",
        lines=lines,
        looks=LOOKS,
        things=THINGS,
        roles=ROLES,
        page=looks.Page(lines, total=total, page=page, per_page=PER_PAGE),
    )


@bp.get("/erase")
@requires(Part.ANYONE)
def erase(form: EraseForm | None = None) -> str:
    """Say what goes and what stays, and ask."""
    viewer = asking()
    refusal = erasing.why_not_erase(viewer.account_id, now=clock.now())
    return render_template(
        "privacy/erase.html",
        form=form or EraseForm(formdata=None),
        refusal=refusal and REFUSALS[refusal],
        has_resident=erasing.person_of(viewer.account_id).resident_id is not None,
    )


@bp.post("/erase")
@requires(Part.ANYONE)
def erase_me() -> ResponseReturnValue:
    """Erase the account of whoever asks; the session ends with it."""
    viewer = asking()
    now = clock.now()
    if refusal := service.why_not_hand_out(viewer, now=now):
        return _again(refusal)
    form = EraseForm()
    if not form.validate_on_submit():
        return erase(form), 422
    wish = Wish(takes_words_back=form.words.data == "take", clears_roster=bool(form.contacts.data))
    try:
        with transaction():
            erasing.erase(viewer.account_id, wish, now=now)
    except Refused as refused:
        flash(REFUSALS[refused.reason], "error")
        return redirect(url_for(".erase"), 303)
    flash(_("Your account has been erased. You can still read what is public."), "success")
    response = make_response(redirect(url_for("people.home"), 303))
    response.delete_cookie(
        current_app.config["SIGN_IN_COOKIE"], secure=current_app.config["SESSION_COOKIE_SECURE"]
    )
    return response
