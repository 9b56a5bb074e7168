"""Pages of proposals for everybody: the list, one proposal, writing, signing, one's own."""

from flask import abort, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from portal.core import clock
from portal.core.access import Part, may, requires
from portal.core.db import transaction
from portal.core.errors import Refused
from portal.core.pages import Page
from portal.core.slots import Link
from portal.media.words import REFUSALS as MEDIA_REFUSALS
from portal.moderation import service as moderation
from portal.moderation import writing
from portal.proposals import (
    carrying_out,
    desk_views,
    display,
    handing_in,
    outcomes,
    rules,
    service,
    signing,
)
from portal.proposals.blueprint import bp
from portal.proposals.cards import desk_cards as desk_cards
from portal.proposals.cards import me_cards as me_cards
from portal.proposals.cards import meeting_cards as meeting_cards
from portal.proposals.cards import take_part_cards as take_part_cards
from portal.proposals.cards import talk_cards as talk_cards
from portal.proposals.forms import ProposalForm
from portal.proposals.handing_in import Paper
from portal.proposals.models import ProposalDraft
from portal.proposals.rules import Outcome, Refusal, State
from portal.proposals.words import OUTCOMES, REFUSALS, STATES

PAGES = (desk_views,)
"""The modules that hang more pages on the blueprint."""
DESK_LINKS = (Link(_l("Proposals"), "proposals.desk", desk_views.EDITORS),)
VILLAGE_LINKS = (Link(_l("Proposals"), "proposals.index", (Part.ANYONE,)),)

OPEN = (State.COLLECTING,)
COUNCIL = (State.THRESHOLD_MET, State.COUNCIL_LISTED, State.DELIBERATED)
OVER = tuple(state for state in State if state not in (*OPEN, *COUNCIL))
WHICH = {"open": OPEN, "council": COUNCIL, "over": OVER}
FIELDS = {
    Refusal.NO_TITLE: "title",
    Refusal.TITLE_TOO_LONG: "title",
    Refusal.PLACE_TOO_LONG: "place",
}


@bp.get("")
@requires(Part.ANYONE)
def index() -> str:
    """List the proposals: those that collect signatures, the council's, those that are over."""
    which = request.args.get("which", "open")
    states = WHICH.get(which) or abort(404)
    page = max(1, request.args.get("page", 1, type=int))
    lines, total = service.list_lines(states, page=page, resident_id=resident_id())
    return render_template(
        "proposals/index.html",
        which=which,
        lines=lines,
        page=Page(page=page, per_page=service.PAGE, total=total, items=lines),
        states=STATES,
        percent=display.percent,
    )


@bp.get("/mine")
@requires(Part.VILLAGER)
def mine() -> str:
    """Show what the viewer proposed and signed, and the draft that waits."""
    return render_template(
        "proposals/mine.html",
        lines=service.list_of(g.viewer.resident_id),
        draft=handing_in.find_draft(g.viewer.resident_id),
        states=STATES,
        percent=display.percent,
    )


@bp.get("/new")
@requires(Part.VILLAGER)
def new() -> str:
    """Show the paper for a proposal, with what was written on it the last time."""
    draft = handing_in.find_draft(g.viewer.resident_id)
    facts = {"title": draft.title, "place": draft.place, "body": draft.body} if draft else {}
    return _paper(ProposalForm(formdata=None, **facts), draft=draft)


@bp.post("/new")
@requires(Part.VILLAGER)
def hand_in() -> ResponseReturnValue:
    """Keep the draft, or take the proposal; whatever goes wrong, the paper comes back filled."""
    form, now, who = ProposalForm(), clock.now(), g.viewer
    seen = request.form.get("seen", "")
    paper = Paper(
        title=form.title.data or "", place=form.place.data or "", body=form.body.data or ""
    )
    if "save" in request.form:
        try:
            with transaction():
                handing_in.keep_draft(who.resident_id, paper, seen=seen, now=now)
        except Refused as refused:
            form.body.errors = [REFUSALS[refused.reason]]
            return _paper(form, other=handing_in.find_draft(who.resident_id)), 409
        flash(_("Your draft is kept here. Only you can read it."), "success")
        return redirect(url_for(".new"), 303)
    if not form.validate_on_submit():
        return _paper(form), 422
    try:
        files = form.receive(form_key=form.key.data or "", resident_id=who.resident_id, now=now)
        with transaction():
            proposal = handing_in.hand_in(
                paper,
                show_name=form.show_name.data,
                agrees_to_opinion=form.agrees_to_opinion.data,
                client_key=form.key.data or "",
                resident_id=who.resident_id,
                village_code=g.village.code,
                now=now,
                files=files,
                seen=seen,
            )
            proposal_id, is_shown = proposal.id, proposal.is_shown
    except Refused as refused:
        unsaid = "media" if refused.reason in MEDIA_REFUSALS else "body"
        field = FIELDS.get(refused.reason, unsaid)  # type: ignore[call-overload]
        getattr(form, field).errors = [REFUSALS[refused.reason]]
        return _paper(form), 422
    flash(
        _("Thank you. Your proposal collects signatures now.")
        if is_shown
        else _("Thank you. The committee looks at it first; then it collects signatures."),
        "success",
    )
    return redirect(url_for(".show", proposal_id=proposal_id), 303)


@bp.get("/<int:proposal_id>")
@requires(Part.ANYONE)
def show(proposal_id: int) -> str:
    """Show a proposal: what, how many stand behind it, its way so far, and what I can do."""
    return shown(service.get_line(proposal_id, resident_id=resident_id()))


@bp.post("/<int:proposal_id>/sign")
@requires(Part.VILLAGER)
def sign(proposal_id: int) -> ResponseReturnValue:
    """Stand behind a proposal."""
    try:
        with transaction():
            signing.sign(
                proposal_id,
                resident_id=g.viewer.resident_id,
                show_name="show_name" in request.form,
                now=clock.now(),
            )
    except Refused as refused:
        return _refused(proposal_id, refused)
    flash(_("You have signed. Thank you."), "success")
    return redirect(url_for(".show", proposal_id=proposal_id), 303)


@bp.post("/<int:proposal_id>/unsign")
@requires(Part.VILLAGER)
def unsign(proposal_id: int) -> ResponseReturnValue:
    """Take a signature back."""
    try:
        with transaction():
            signing.take_back(proposal_id, resident_id=g.viewer.resident_id, now=clock.now())
    except Refused as refused:
        return _refused(proposal_id, refused)
    flash(_("Your signature is gone."), "success")
    return redirect(url_for(".show", proposal_id=proposal_id), 303)


@bp.post("/<int:proposal_id>/withdraw")
@requires(Part.VILLAGER)
def withdraw(proposal_id: int) -> ResponseReturnValue:
    """Take the whole proposal back, as its author."""
    try:
        with transaction():
            handing_in.withdraw(
                proposal_id,
                resident_id=g.viewer.resident_id,
                seen=request.form.get("seen", 0, type=int),
                now=clock.now(),
            )
    except Refused as refused:
        return _refused(proposal_id, refused)
    flash(_("Your proposal is taken back."), "success")
    return redirect(url_for(".show", proposal_id=proposal_id), 303)


@bp.post("/<int:proposal_id>/opinion")
@requires(Part.VILLAGER)
def hand_to_plan(proposal_id: int) -> ResponseReturnValue:
    """Hand one's own proposal in as an opinion on the plan, as the council advised."""
    try:
        with transaction():
            carrying_out.hand_to_plan(
                proposal_id,
                resident_id=g.viewer.resident_id,
                seen=request.form.get("seen", 0, type=int),
                now=clock.now(),
            )
    except Refused as refused:
        return _refused(proposal_id, refused)
    flash(_("It is a numbered opinion on the plan now."), "success")
    return redirect(url_for(".show", proposal_id=proposal_id), 303)


def resident_id() -> int | None:
    """Return who is asking as a resident of this village; somebody of another is nobody here."""
    return g.viewer.resident_id if may(Part.VILLAGER) else None


def _refused(proposal_id: int, refused: Refused) -> ResponseReturnValue:
    line = service.get_line(proposal_id, resident_id=resident_id())
    status = 403 if refused.reason is writing.Refusal.NOT_A_RESIDENT else 409
    return shown(line, reason=str(REFUSALS[refused.reason])), status


def shown(line: service.Line, *, reason: str | None = None) -> str:
    """Show the page of a proposal, with why something could not be done."""
    now, proposal, me = clock.now(), line.proposal, resident_id()
    is_mine = me is not None and proposal.resident_id == me
    may_read = line.is_readable or is_mine or may(Part.COMMITTEE)
    is_signable = proposal.state in rules.SIGNABLE and proposal.expires_at > now
    refusal = signing.why_not(line, me, now=now) if me and is_signable else None
    is_hidden = proposal.hidden_code is not None
    news = outcomes.news_of(proposal, now=now)
    is_asked = is_mine and proposal.state is State.DELIBERATED
    is_asked = is_asked and news.advice is not None and news.advice.outcome is Outcome.PLAN
    kept_from = None
    if is_asked:
        kept_from = carrying_out.why_not_repeat(line) or carrying_out.why_not_opinion(
            proposal, resident_id=me, now=now
        )
    return render_template(
        "proposals/show.html",
        line=line,
        proposal=proposal,
        reason=reason,
        may_read=may_read and not line.is_taken_back,
        files=service.files_of(proposal.id) if may_read and not line.is_taken_back else [],
        is_mine=is_mine,
        may_sign=me is not None and is_signable and refusal is None,
        why_not=REFUSALS[refusal] if refusal and refusal is not Refusal.ALREADY_SIGNED else None,
        may_unsign=rules.why_not_unsign(
            state=proposal.state, is_author=is_mine, has_signed=line.has_signed
        )
        is None,
        may_withdraw=is_mine and State.WITHDRAWN in rules.NEXT[proposal.state],
        is_signable=is_signable,
        percent=display.percent(line),
        way=display.way(news.steps),
        names=signing.names_of(proposal.id) if line.is_readable else [],
        groups=signing.by_group(proposal.id, now=now) if line.is_readable else [],
        decision=moderation.find_last_decision(service.KIND, proposal.id) if is_hidden else None,
        news=news,
        is_asked=is_asked,
        kept_from=REFUSALS[kept_from] if kept_from else None,
        outcomes=OUTCOMES,
        states=STATES,
    )


def _paper(
    form: ProposalForm, *, draft: ProposalDraft | None = None, other: ProposalDraft | None = None
) -> str:
    """Show the paper, begun from the draft; with the other words that are kept, if there are."""
    refusal = handing_in.why_not_write(g.viewer.resident_id, now=clock.now())
    return render_template(
        "proposals/new.html",
        form=form,
        refusal=REFUSALS[refusal] if refusal else None,
        files=form.kept(g.viewer.resident_id),
        draft=draft,
        other=other,
        seen=handing_in.mark_of(draft or other) or request.form.get("seen", ""),
        days=rules.DAYS,
    )
