"""Where the committee says when words wait before others read them."""

from datetime import datetime

from flask import flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import force_locale
from flask_babel import gettext as _
from wtforms import SelectChoice

from portal.core import clock
from portal.core.access import Part, requires
from portal.core.db import transaction
from portal.core.forms import Form
from portal.moderation import changes, ports, recording
from portal.moderation import policies as setting
from portal.moderation.blueprint import bp
from portal.moderation.desk_words import MODES
from portal.moderation.policy_forms import PolicyForm
from portal.moderation.rules import Mode
from portal.moderation.screening_rules import DEFAULT, Policy


@bp.get("/policies")
@requires(Part.COMMITTEE)
def policies(form: PolicyForm | None = None) -> str:
    """Show what is set, and the paper to set more."""
    names = names_of_places(now=clock.now())
    if form is None:
        form = _form(names)
        form.fill(DEFAULT)
    return render_template(
        "moderation/policies.html",
        form=form,
        rows=setting.list_policies(),
        names=names,
        modes=MODES,
        default=DEFAULT,
        plain=Form(formdata=None),
    )


@bp.post("/policies")
@requires(Part.COMMITTEE)
def set_policy() -> ResponseReturnValue:
    """Set what counts at a place from now on."""
    form = _form(names_of_places(now=clock.now()), is_sent=True)
    if not form.validate_on_submit():
        return policies(form), 422
    place, _bar, phase = form.where.data.partition("|")
    with transaction():
        setting.set_policy(
            place,
            phase,
            Policy(
                mode=Mode(form.mode.data),
                holds_first=form.holds_first.data,
                holds_links=form.holds_links.data,
                holds_repeated=form.holds_repeated.data,
            ),
            account_id=g.viewer.account_id,
            now=clock.now(),
        )
        _write_down(place, phase, form.mode.data)
    flash(_("Set. It counts for everything written from now on."), "success")
    return redirect(url_for(".policies"))


@bp.post("/policies/<int:policy_id>/remove")
@requires(Part.COMMITTEE)
def remove_policy(policy_id: int) -> ResponseReturnValue:
    """Let the wider rule count again."""
    with transaction():
        removed = setting.remove_policy(policy_id)
        _write_down(removed.place, removed.phase, "")
    flash(_("Removed. The wider rule counts there again."), "success")
    return redirect(url_for(".policies"))


def names_of_places(*, now: datetime) -> dict[str, str]:
    """Return everything for which a policy can be set, as "place|phase", with its words."""
    found = {"|": str(_("Everywhere in the village"))}
    for kind, places in ports.ask_places().items():
        found[f"{kind}|"] = places.title()
        phases = places.phases()
        for phase, words in phases.items():
            found[f"{kind}|{phase}"] = f"{places.title()} · {words}"
        for place in places.list_places(now=now):
            found[f"{place.key}|"] = place.name
            for phase, words in phases.items() if place.phase else ():
                found[f"{place.key}|{phase}"] = f"{place.name} · {words}"
    return found


def _write_down(place: str, phase: str, mode: str) -> None:
    """Write into log and record what counts at a place now."""
    now = clock.now()
    with force_locale(recording.LANGUAGE):
        where = names_of_places(now=now).get(f"{place}|{phase}", "")
        words = _(": ").join(
            filter(None, (where, str(MODES[Mode(mode)]) if mode else _("as everywhere else")))
        )
    changes.write_down(changes.POLICIES, words=words, account_id=g.viewer.account_id, now=now)


def _form(names: dict[str, str], *, is_sent: bool = False) -> PolicyForm:
    form = PolicyForm() if is_sent else PolicyForm(formdata=None)
    form.where.choices = [SelectChoice(key, words) for key, words in names.items()]
    return form
