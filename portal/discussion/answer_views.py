"""The answering desk: lists with deadlines, and one opinion to answer."""

from dataclasses import replace
from datetime import datetime

from flask import abort, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from wtforms import SelectChoice

from portal.core import clock
from portal.core.access import Part, may, requires
from portal.core.db import transaction
from portal.core.errors import Refused
from portal.core.pages import village_blueprint
from portal.core.slots import Card, Link
from portal.discussion import (
    again_views,
    answer_lists,
    answering,
    hearing_views,
    service,
    together_views,
)
from portal.discussion.answer_doors import STAFF, actor, told
from portal.discussion.answer_forms import (
    AdviceForm,
    AnswerForm,
    AssignForm,
    CheckForm,
    put_seen,
    read_seen,
    write_seen,
)
from portal.discussion.answer_lists import Show
from portal.discussion.answer_rules import Refusal
from portal.discussion.answer_steps import last_day
from portal.discussion.answer_words import (
    DECISION_CHIPS,
    DECISION_NOTES,
    DECISIONS,
    PARTS,
    SHOWS,
    STATES,
    STEPS,
)
from portal.discussion.answering import Said, Work
from portal.people import posts
from portal.plans import service as plans
from portal.plans.living import names_of

PAGE_LENGTH = 30
DESK_LINKS = (Link(_l("Answering opinions"), "answering.index", STAFF),)

bp = village_blueprint("answering", __name__, "/answers")
again_views.register(bp)
hearing_views.register(bp)
together_views.register(bp)


@bp.app_context_processor
def words_for_templates() -> dict[str, object]:
    """Lend the words of answers to templates."""
    return {
        "answer_decisions": DECISIONS,
        "answer_chips": DECISION_CHIPS,
        "answer_states": STATES,
        "answer_shows": SHOWS,
    }


@bp.get("")
@requires(*STAFF)
def index() -> str:
    """Show the plans that opinions came in on, with how many wait for an answer."""
    now = clock.now()
    return render_template(
        "discussion/answers.html",
        versions=plans.list_public_versions(now=now),
        numbers=answer_lists.count_by_version(now=now),
    )


@bp.get("/plans/<int:version_id>")
@requires(*STAFF)
def desk(version_id: int) -> str:
    """Show the opinions on a plan that are in one of the lists, the oldest first."""
    version, now = plans.get_version(version_id), clock.now()
    wanted = request.args.get("show", "")
    show = Show(wanted) if wanted in set(Show) else Show.OPEN
    lines = answer_lists.list_lines(
        version_id,
        show,
        account_id=g.viewer.account_id,
        now=now,
        limit=PAGE_LENGTH + 1,
        after=request.args.get("after", 0, int),
    )
    more = lines[PAGE_LENGTH - 1].number if len(lines) > PAGE_LENGTH else None
    lines = lines[:PAGE_LENGTH]
    said = {o.comment.id: o for o in service.list_these([line.comment_id for line in lines])}
    return render_template(
        "discussion/answer_desk.html",
        version=version,
        show=show,
        lines=[(line, said[line.comment_id]) for line in lines],
        numbers=answer_lists.count_lines(version_id, account_id=g.viewer.account_id, now=now),
        names=names_of([line.owner_id for line in lines if line.owner_id]),
        more=more,
    )


@bp.get("/<int:comment_id>")
@requires(*STAFF)
def answer(comment_id: int) -> str:
    """Show one opinion with the work on its answer."""
    return _page(answering.get_work(comment_id))


def _page(
    work: Work,
    form: AnswerForm | None = None,
    *,
    check: CheckForm | None = None,
    take: AssignForm | None = None,
    refusal: str = "",
    is_overtaken: bool = False,
) -> str:
    now, case = clock.now(), work.case
    together = answering.list_together(work)
    form = form or AnswerForm(formdata=None, obj=case)
    doubt = answering.find_doubt(work.comment.id)
    due_on = last_day(work.comment.done_at, doubt.doubted_at if doubt else None)
    check = check or CheckForm(formdata=None)
    take = take or AssignForm(formdata=None, due=work.due_on)
    for field, seen in (
        (form.seen, write_seen({work.comment.id: work.revision})),
        (check.seen, write_seen({one.comment.id: one.revision for one in together})),
        (take.seen, work.revision),
    ):
        put_seen(field, seen, is_overtaken=is_overtaken)
    moves = answer_lists.list_moves(case.id) if case else []
    office = posts.holders(answering.STAFF, day=clock.today(now))
    names = names_of({*office, *(move.account_id for move in moves)})
    take.owner.choices = [SelectChoice(one, names[one]) for one in office]
    if take.owner.data is None:
        take.owner.data = case.owner_id if case and case.owner_id else g.viewer.account_id
    return render_template(
        "discussion/answer_work.html",
        opinion=service.get_opinion(work.comment.id),
        version=plans.get_version(work.comment.version_id),
        work=work,
        together=together,
        form=form,
        check=check,
        take=take,
        refusal=refusal,
        notes=DECISION_NOTES,
        moves=moves,
        names=names,
        steps=STEPS,
        parts=PARTS,
        doubt=doubt,
        is_own=_is_own(work),
        is_drafter=case is not None and case.drafted_by == g.viewer.account_id,
        is_planner=actor().part is Part.PLANNER,
        is_late=due_on < clock.today(now),
    )


@bp.post("/<int:comment_id>")
@requires(*STAFF)
def draft(comment_id: int) -> ResponseReturnValue:
    """Keep a draft of the answer; one that was overtaken comes back with the present state."""
    work, form = answering.get_work(comment_id), AnswerForm()
    if not form.validate_on_submit():
        return _page(work, form), 422
    if set(form.revisions()) != {comment_id}:
        abort(400)
    try:
        with transaction():
            answering.draft(
                form.revisions(),
                Said(**form.said()),
                note=form.note.data or "",
                actor=actor(),
                now=clock.now(),
            )
    except Refused as refused:
        return _refused(refused, comment_id, form)
    flash(_("Kept. A second person checks it before it is sent."), "success")
    return redirect(url_for(".answer", comment_id=comment_id), 303)


@bp.post("/<int:comment_id>/advise")
@requires(Part.PLANNER)
def advise(comment_id: int) -> ResponseReturnValue:
    """Keep what the planner thinks of an opinion, and leave the answer to others."""
    form = AdviceForm()
    seen = form.revision_of(comment_id) if form.validate_on_submit() else None
    paper = AnswerForm()
    if seen is None:
        paper.expert.errors = form.expert.errors
        return _page(answering.get_work(comment_id), paper), 422
    planner = replace(actor(), part=Part.PLANNER)
    try:
        with transaction():
            answering.advise(
                comment_id,
                words=form.expert.data or "",
                seen=seen,
                actor=planner,
                now=clock.now(),
            )
    except Refused as refused:
        return _refused(refused, comment_id, paper)
    flash(_("Kept. It stands beside the answer once that is sent."), "success")
    return redirect(url_for(".answer", comment_id=comment_id), 303)


@bp.post("/<int:comment_id>/take")
@requires(*STAFF)
def take(comment_id: int) -> ResponseReturnValue:
    """Say who sees to an opinion, and until when."""
    work, form = answering.get_work(comment_id), AssignForm()
    if not form.validate_on_submit():
        return _page(work, take=form), 422
    try:
        with transaction():
            answering.assign(
                comment_id,
                owner_id=form.owner.data or 0,
                due=form.due.data,
                seen=form.seen.data or 0,
                actor=actor(),
                now=clock.now(),
            )
    except Refused as refused:
        return _refused(refused, comment_id, take=form)
    flash(_("Taken on."), "success")
    return redirect(url_for(".answer", comment_id=comment_id), 303)


@bp.post("/<int:comment_id>/check")
@requires(*STAFF)
def check(comment_id: int) -> ResponseReturnValue:
    """Send a draft that somebody else wrote, or hand it back."""
    form, is_sent = CheckForm(), request.form.get("deed") != "back"
    if not form.validate_on_submit():
        return _page(answering.get_work(comment_id), check=form), 422
    seen = read_seen(form.seen.data)
    if comment_id not in seen:
        abort(400)
    step = answering.reply if is_sent else answering.send_back
    try:
        with transaction():
            step(seen, note=form.note.data or "", actor=actor(), now=clock.now())
    except Refused as refused:
        return _refused(refused, comment_id, check=form)
    if is_sent:
        heard = ngettext("%(num)d author was told.", "%(num)d authors were told.", len(seen))
        flash(_("Answered.") + " " + heard, "success")
    else:
        flash(_("Sent back."), "success")
    version_id = answering.get_work(comment_id).comment.version_id
    return redirect(url_for(".desk", version_id=version_id), 303)


def desk_cards(*, now: datetime, **_facts: object) -> list[Card]:
    """Offer the office the opinions to answer, with how many are overdue (slot DESK)."""
    if not may(*STAFF):
        return []
    waiting, late = answer_lists.count_open(now=now)
    return [
        Card(
            title=_("Answering opinions"),
            line=ngettext("%(num)d opinion waits", "%(num)d opinions wait", waiting)
            if waiting
            else _("Every opinion is answered."),
            href=url_for("answering.index"),
            action=_("Answer"),
            chip=ngettext("%(num)d overdue", "%(num)d overdue", late) if late else "",
            chip_kind="danger",
        )
    ]


def _refused(
    refused: Refused,
    comment_id: int,
    form: AnswerForm | None = None,
    *,
    check: CheckForm | None = None,
    take: AssignForm | None = None,
) -> tuple[str, int]:
    words, status = told(refused)
    work, is_overtaken = answering.get_work(comment_id), refused.reason is Refusal.STALE
    return (
        _page(work, form, check=check, take=take, refusal=words, is_overtaken=is_overtaken),
        status,
    )


def _is_own(work: Work) -> bool:
    mine = g.viewer.resident_id
    return mine is not None and mine == work.comment.resident_id
