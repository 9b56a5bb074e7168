"""The archive of a counted vote and the script that checks it, for anybody to take away."""

from flask import Response, render_template
from flask.typing import ResponseReturnValue

from portal.ballots import archive, service
from portal.ballots.blueprint import bp
from portal.ballots.words import REFUSALS
from portal.core import clock
from portal.core.access import Part, requires
from portal.core.errors import Refused
from portal.core.pages import download


@bp.get("/<int:ballot_id>/archive")
@requires(Part.ANYONE)
def take_archive(ballot_id: int) -> ResponseReturnValue:
    """Hand out all that an outsider needs to check a counted vote."""
    ballot = service.get_ballot(ballot_id)
    try:
        packed = archive.build(ballot, now=clock.now())
    except Refused as refused:
        reason = REFUSALS[refused.reason]
        return render_template("ballots/refused.html", ballot=ballot, reason=reason), 409
    return download(packed, f"vote-{ballot.id}.zip", "application/zip")


@bp.get("/verify_poll.py")
@requires(Part.ANYONE)
def take_script() -> Response:
    """Hand out the observer's script: one file, for which Python alone is enough."""
    return download(archive.SCRIPT.read_bytes(), archive.SCRIPT.name, "text/x-python")
