"""Keeping a draft on the server: by script while one types, and by a button without."""

from flask import Blueprint, abort, flash, g, jsonify, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.core import clock
from portal.core.access import Part, requires
from portal.core.db import transaction
from portal.discussion import drafting
from portal.discussion.rules import LONGEST_OPINION, WHOLE
from portal.moderation.writing import LONGEST_KEY
from portal.plans import service as plans


def register(bp: Blueprint) -> None:
    """Hang the pages onto the blueprint of opinions."""
    here = "/plans/<int:version_id>/draft"
    for rule, view in (("", keep_draft), ("/other", swap_draft), ("/drop", drop_draft)):
        bp.add_url_rule(here + rule, endpoint=view.__name__, view_func=view, methods=["POST"])


@requires(Part.VILLAGER)
def keep_draft(version_id: int) -> ResponseReturnValue:
    """Keep what is being written. A script is told the revision, everybody else sees the page."""
    _check(version_id)
    body = request.form.get("body", "").replace("\x00", "")
    with transaction():
        draft = drafting.keep_draft(
            version_id,
            about=request.form.get("about", WHOLE)[:64].replace("\x00", ""),
            body=body,
            client_key=request.form.get("key", "")[:LONGEST_KEY].replace("\x00", ""),
            seen_revision=request.form.get("seen", 0, type=int),
            resident_id=g.viewer.resident_id,
            now=clock.now(),
        )
        revision = draft.revision if draft else 0
        has_other = bool(draft and draft.other_body)
    if request.accept_mimetypes.best == "application/json":
        is_whole = len(body) <= LONGEST_OPINION
        return jsonify(revision=revision, other=has_other, whole=is_whole)
    if revision:
        words = _("Your draft is kept. You find it here on every phone on which you sign in.")
        flash(words, "success")
    return _back(version_id)


@requires(Part.VILLAGER)
def swap_draft(version_id: int) -> ResponseReturnValue:
    """Go on with what was written on another device."""
    _check(version_id)
    with transaction():
        drafting.swap_draft(version_id, resident_id=g.viewer.resident_id, now=clock.now())
    return _back(version_id)


@requires(Part.VILLAGER)
def drop_draft(version_id: int) -> ResponseReturnValue:
    """Throw away what was written on another device."""
    _check(version_id)
    with transaction():
        drafting.drop_other(version_id, resident_id=g.viewer.resident_id)
    return _back(version_id)


def _check(version_id: int) -> None:
    if not plans.is_public(plans.get_version(version_id)):
        abort(404)


def _back(version_id: int) -> ResponseReturnValue:
    return redirect(url_for(".plan", version_id=version_id, _anchor="say"), 303)
