"""Pages of opinions: the tab 议事, the opinions on a plan, one opinion, and cards elsewhere."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum

from flask import abort, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import LazyString, ngettext
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import SelectChoice

from portal.core import clock
from portal.core.access import Part, is_on_behalf, may, requires
from portal.core.db import transaction
from portal.core.errors import Refused
from portal.core.pages import village_blueprint
from portal.core.slots import Card, Slot, cards
from portal.discussion import (
    draft_views,
    drafting,
    group_views,
    grouping,
    listing,
    service,
    writings,
)
from portal.discussion.draft_models import OpinionDraft
from portal.discussion.forms import OpinionForm
from portal.discussion.models import Comment
from portal.discussion.rules import WHOLE, Refusal
from portal.media.words import REFUSALS as MEDIA_REFUSALS
from portal.moderation import service as moderation
from portal.moderation import writing
from portal.moderation.words import REFUSALS as WRITING_REFUSALS
from portal.plans import service as plans
from portal.plans.spots import read_spot

bp = village_blueprint("discussion", __name__, "/discussion")

REFUSALS: dict[StrEnum, LazyString] = {
    **WRITING_REFUSALS,
    **MEDIA_REFUSALS,
    Refusal.NOT_OPEN: _l("Opinions on this plan are not being collected now."),
}

draft_views.register(bp)
group_views.register(bp)
bp.record(lambda _state: writings.join())  # when features.py lets the feature in


@bp.get("")
@requires(Part.ANYONE)
def index() -> str:
    """Show where the village talks: its rooms, and the plans it has opinions on."""
    return render_template(
        "discussion/index.html",
        places=cards(Slot.TALK, now=clock.now()),
        versions=plans.list_public_versions(now=clock.now()),
        tallies=service.tallies(),
        opinions=service.list_newest(limit=5),
    )


@bp.get("/plans/<int:version_id>")
@requires(Part.ANYONE, on_behalf=True)
def plan(version_id: int, form: OpinionForm | None = None) -> str:
    """Show the opinions on a plan version, with the paper for one more or why there is none."""
    now = clock.now()
    version, notice = plans.get_with_notice(version_id)
    if not plans.is_public(version):
        abort(404)
    resident_id = _resident_id()
    draft = None
    if resident_id is not None and not is_on_behalf():
        draft = drafting.find_draft(version_id, resident_id=resident_id)
    form = form or _paper(draft)
    anchors = _anchors(version_id, form)
    form.about.choices = [
        SelectChoice(WHOLE, _("The whole plan")),
        *(SelectChoice(anchor, title) for anchor, title in anchors.items()),
    ]
    if form.about.data not in anchors:
        form.about.data = WHOLE
    state = plans.state_of(version, notice, now=now)
    refusal = service.why_not_comment(version_id, resident_id=resident_id, now=now, state=state)
    return render_template(
        "discussion/plan.html",
        version=version,
        form=form,
        files=form.kept(resident_id),
        draft=draft,
        refusal=refusal and REFUSALS[refusal],
        listed=listing.listed(version, anchors),
        orders=listing.ORDERS,
    )


def _paper(draft: OpinionDraft | None) -> OpinionForm:
    """Return the paper as it lay there last: with the draft, about what one comes from now."""
    form = OpinionForm(formdata=None, about=request.args.get("about", WHOLE))
    if draft is not None:
        form.body.data = draft.body
        form.about.data = request.args.get("about") or draft.about
    return form


def _anchors(version_id: int, form: OpinionForm) -> dict[str, str]:
    """Return what can be spoken about; a spot in the form is one that is kept, not a finer one."""
    if spot := read_spot(form.about.data or ""):
        form.about.data = spot.key
    return plans.list_anchors(version_id, about=form.about.data or "")


@bp.post("/plans/<int:version_id>")
@requires(Part.ANYONE, on_behalf=True)
def post(version_id: int) -> ResponseReturnValue:
    """Take an opinion; whatever goes wrong, the page comes back with what was written."""
    form = OpinionForm()
    anchors = {} if form.about.data == WHOLE else _anchors(version_id, form)
    if not form.validate_on_submit():
        return plan(version_id, form), 422
    about = form.about.data if form.about.data in anchors else ""
    resident_id, now = _resident_id(), clock.now()
    try:
        files = form.receive(form_key=form.key.data or "", resident_id=resident_id, now=now)
        ready = service.get_ready(
            service.Paper(
                version_id=version_id,
                body=form.body.data or "",
                about=about,
                about_title=anchors.get(about, ""),
                show_name=form.show_name.data,
                client_key=form.key.data or "",
                resident_id=resident_id,
                now=now,
                files=files,
            )
        )
        with transaction():
            comment_id, number = service.post_ready(ready)
            if resident_id is not None and not is_on_behalf():
                drafting.end_draft(
                    version_id,
                    client_key=form.key.data or "",
                    seen_revision=request.form.get("seen", 0, type=int),
                    resident_id=resident_id,
                )
    except Refused as refused:
        field = form.media if refused.reason in MEDIA_REFUSALS else form.body
        field.errors = [REFUSALS[refused.reason]]
        status = 403 if refused.reason is writing.Refusal.NOT_A_RESIDENT else 422
        return plan(version_id, form), status
    flash(_("Thank you. Your opinion has number %(number)s.", number=number), "success")
    return redirect(url_for(".comment", comment_id=comment_id))


@bp.get("/opinions/<int:comment_id>")
@requires(Part.ANYONE, on_behalf=True)
def comment(comment_id: int) -> str:
    """Show one opinion, or in its place why it is hidden."""
    opinion = service.get_opinion(comment_id)
    is_hidden = opinion.comment.hidden_code is not None
    version = plans.get_version(opinion.comment.version_id)
    return render_template(
        "discussion/comment.html",
        opinion=opinion,
        origins=cards(Slot.OPINION, now=clock.now(), comment_id=comment_id),
        version=version,
        spots=listing.spots_of(version, opinion.comment),
        others=_others(comment_id),
        decision=moderation.find_last_decision(service.KIND, comment_id) if is_hidden else None,
    )


def _others(comment_id: int) -> list[Comment]:
    """Return the opinions that say the like."""
    group_id = grouping.group_of([comment_id]).get(comment_id)
    if group_id is None:
        return []
    return [c for c in grouping.list_members(group_id) if c.id != comment_id]


@bp.get("/mine")
@requires(Part.VILLAGER)
def mine() -> str:
    """Show what the viewer said about plans, hidden opinions with the reason."""
    return render_template("discussion/mine.html", opinions=service.list_of(g.viewer.resident_id))


def plan_cards(
    *, now: datetime, version_id: int, said: Mapping[str, int], **_facts: object
) -> list[Card]:
    """Offer the opinions on a plan, and the paper for one more (slot PLAN)."""
    total = sum(said.values())
    resident_id = _resident_id()
    is_open = service.why_not_comment(version_id, resident_id=resident_id, now=now) is None
    return [
        Card(
            title=_("Opinions"),
            line=ngettext("%(num)d opinion so far", "%(num)d opinions so far", total)
            if total
            else _("Nobody has said anything yet."),
            href=url_for("discussion.plan", version_id=version_id),
            action=_("Give an opinion") if is_open else _("Read the opinions"),
            rank=20,
        )
    ]


def me_cards(*, now: datetime, **_facts: object) -> list[Card]:
    """Offer the viewer what he said himself (slot ME)."""
    if not may(Part.VILLAGER):
        return []
    count = service.count_of(g.viewer.resident_id)
    return [
        Card(
            title=_("My opinions"),
            line=ngettext("%(num)d opinion", "%(num)d opinions", count)
            if count
            else _("You have not given an opinion yet."),
            href=url_for("discussion.mine"),
            action=_("See them"),
        )
    ]


def _resident_id() -> int | None:
    """Return who is asking as a resident of this village; somebody of another is nobody here."""
    return g.viewer.resident_id if may(Part.VILLAGER) else None
