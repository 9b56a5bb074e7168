"""One answer to several opinions: to those that were ticked, or to all that say the like."""

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.core import clock
from portal.core.access import Part, requires
from portal.core.db import transaction
from portal.core.errors import Refused
from portal.discussion import answering, grouping, service
from portal.discussion.answer_doors import STAFF, actor, told
from portal.discussion.answer_forms import AnswerForm, put_seen, write_seen
from portal.discussion.answer_lists import Show
from portal.discussion.answer_rules import Refusal
from portal.discussion.answer_words import DECISION_NOTES
from portal.discussion.answering import Said, Work
from portal.plans import service as plans

MOST_TOGETHER = 100


def register(bp: Blueprint) -> None:
    """Hang these pages onto the blueprint of answers."""
    rule = "/plans/<int:version_id>/together"
    bp.add_url_rule(rule, endpoint="together", view_func=together, methods=["GET"])
    bp.add_url_rule(rule, endpoint="draft_together", view_func=draft_together, methods=["POST"])


@requires(*STAFF)
def together(version_id: int) -> ResponseReturnValue:
    """Show several opinions with one paper for the same answer to all of them."""
    plans.get_version(version_id)
    group_id = request.args.get("group", type=int)
    wanted = _open_of(group_id) if group_id else request.args.getlist("one", type=int)
    wanted = wanted[:MOST_TOGETHER]
    if not wanted:
        flash(_("Tick the opinions that get the same answer first."), "error")
        return redirect(url_for(".desk", version_id=version_id), 303)
    works = answering.get_works(wanted)
    alone = works[0].case if len(works) == 1 else None
    return _together(version_id, works, AnswerForm(formdata=None, obj=alone))


def _open_of(group_id: int) -> list[int]:
    """Return the opinions that say the like and can be answered by whoever is asking."""
    members = grouping.members(group_id)
    mine = actor()
    works = answering.get_works(members) if members else []
    return [work.comment.id for work in works if answering.why_not_touch(work, mine) is None]


def _together(
    version_id: int,
    works: list[Work],
    form: AnswerForm,
    refusal: str = "",
    *,
    is_overtaken: bool = False,
) -> str:
    if any(work.comment.version_id != version_id for work in works):
        abort(404)
    seen = write_seen({work.comment.id: work.revision for work in works})
    put_seen(form.seen, seen, is_overtaken=is_overtaken)
    opinions = service.list_these([work.comment.id for work in works])
    return render_template(
        "discussion/answer_together.html",
        version=plans.get_version(version_id),
        opinions=opinions,
        works=list(zip(opinions, works, strict=True)),
        form=form,
        notes=DECISION_NOTES,
        refusal=refusal,
        is_planner=actor().part is Part.PLANNER,
    )


@requires(*STAFF)
def draft_together(version_id: int) -> ResponseReturnValue:
    """Keep one draft for several opinions, for all of them or for none."""
    plans.get_version(version_id)
    form = AnswerForm()
    is_well = form.validate_on_submit()
    if form.seen.errors:
        abort(400)
    seen = form.revisions()
    if not is_well:
        return _together(version_id, answering.get_works(seen), form), 422
    if any(work.comment.version_id != version_id for work in answering.get_works(seen)):
        abort(404)
    try:
        with transaction():
            answering.draft(
                seen,
                Said(**form.said()),
                note=form.note.data or "",
                actor=actor(),
                now=clock.now(),
            )
    except Refused as refused:
        words, status = told(refused)
        is_overtaken = refused.reason is Refusal.STALE
        works = answering.get_works(seen)
        return _together(version_id, works, form, words, is_overtaken=is_overtaken), status
    flash(_("Kept. A second person checks it before it is sent."), "success")
    return redirect(url_for(".desk", version_id=version_id, show=Show.DRAFTED), 303)
