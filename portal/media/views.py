"""Addresses of files: sending one, and seeing or hearing one, if one may see what it belongs to."""

import re

from flask import Response, abort, g, jsonify, request
from flask.typing import ResponseReturnValue

from portal.core import clock
from portal.core.access import Part, is_on_behalf, may, requires
from portal.core.errors import Refused
from portal.core.pages import village_blueprint
from portal.media import ports, receiving, service
from portal.media.models import MediaFile
from portal.media.rules import LONGEST_KEY, Kind, Refusal, is_sign
from portal.media.words import REFUSALS

MIMETYPES = {Kind.PHOTO: ("image/jpeg", "jpg"), Kind.VOICE: ("audio/mpeg", "mp3")}
KEY = re.compile(rf"[0-9a-zA-Z-]{{8,{LONGEST_KEY}}}")

bp = village_blueprint("media", __name__, "/media")


@bp.app_context_processor
def words_for_templates() -> dict[str, object]:
    """Lend templates what tells a sign in the place of words from words."""
    return {"is_sign": is_sign}


@bp.post("")
@requires(Part.VILLAGER)
def send() -> ResponseReturnValue:
    """Take one file for a script; it answers the key under which a form can name it."""
    key, file = request.form.get("key", ""), request.files.get("file")
    if file is None or not KEY.fullmatch(key):
        abort(400)
    try:
        kept = receiving.receive_one(
            receiving.read(file),
            key=key,
            resident_id=g.viewer.resident_id,
            now=clock.now(),
            keeps_place=bool(request.form.get("keep_place")),
            transcript=request.form.get("transcript", ""),
        )
    except Refused as refused:
        status = 429 if refused.reason is Refusal.TOO_MANY_TODAY else 422
        return str(REFUSALS[Refusal(refused.reason)]), status
    return jsonify(key=kept.key, kind=kept.kind, seconds=kept.seconds, id=kept.id), 201


@bp.get("/<int:file_id>")
@requires(Part.ANYONE, on_behalf=True)
def show(file_id: int) -> Response:
    """Return a photo or a recording, or the part of it that is asked for."""
    file = _readable(file_id)
    return _answer(file, file.data, file.sha256[:32])


@bp.get("/<int:file_id>/small")
@requires(Part.ANYONE, on_behalf=True)
def small(file_id: int) -> Response:
    """Return the small one of a photo."""
    file = _readable(file_id)
    return _answer(file, file.thumb or abort(404), f"small-{file.sha256[:32]}")


def _readable(file_id: int) -> MediaFile:
    """Return a file if whoever is asking may see what it belongs to; it is asked each time.

    Before it belongs to anything only its sender may. Whoever enters things for somebody else sees
    what everybody sees, and nothing that is only its author's.
    """
    file = service.get_file(file_id)
    if file.owner_kind is None or file.owner_id is None:
        is_sender = may(Part.VILLAGER) and g.viewer.resident_id == file.resident_id
        is_readable = is_sender and not is_on_behalf()
    else:
        asking = g.viewer
        if is_on_behalf():
            g.viewer = None
        try:
            is_readable = ports.may_read(file.owner_kind, file.owner_id)
        finally:
            g.viewer = asking
    return file if is_readable else abort(404)


def _answer(file: MediaFile, data: bytes, tag: str) -> Response:
    mimetype, ending = MIMETYPES[file.kind]
    response = Response(data, mimetype=mimetype)
    response.headers["Content-Disposition"] = f'inline; filename="{file.kind}-{file.id}.{ending}"'
    response.headers["Cache-Control"] = "private, no-cache"  # asked again, and not sent again
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    response.set_etag(tag)
    response.make_conditional(request, accept_ranges=True, complete_length=len(data))
    return response
