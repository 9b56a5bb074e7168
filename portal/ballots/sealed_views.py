"""Pages of a secret vote for villagers: the paper, taking the envelope, looking for a receipt."""

from enum import StrEnum
from typing import Any

from flask import g, jsonify, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.ballots import asking, casting, records, scripts, service, urn
from portal.ballots.blueprint import bp
from portal.ballots.marks import money
from portal.ballots.models import Ballot, BallotOption
from portal.ballots.papers import Frame
from portal.ballots.rules import Kind
from portal.ballots.states import Secrecy
from portal.ballots.urn_forms import CodeForm, EnvelopeForm
from portal.ballots.urn_rules import UrnRefusal
from portal.ballots.urn_words import words_of
from portal.ballots.words import ANSWERS
from portal.core import clock, secrets
from portal.core.access import Part, requires
from portal.core.db import transaction
from portal.core.errors import Refused
from portal.transparency import checking, signing


@bp.get("/<int:ballot_id>/sealed")
@requires(Part.VILLAGER, on_behalf=True)
def sealed_paper(ballot_id: int) -> ResponseReturnValue:
    """Hand out the paper of a secret vote, or show the receipt; the rest happens on the phone."""
    ballot = service.get_ballot(ballot_id)
    if ballot.secrecy is not Secrecy.SEALED:
        return _refused(ballot, UrnRefusal.NOT_SEALED)
    resident_id = g.viewer.resident_id
    standing = casting.stand(ballot.id, resident_id, now=clock.now())
    receipt = urn.find_own_receipt(ballot, resident_id) if standing.receipt else None
    reason: StrEnum | None = standing.refusal
    if standing.receipt and not receipt:
        reason = UrnRefusal.VOTED_OTHERWISE if ballot.closed_at is None else UrnRefusal.CLOSED
    options = asking.list_options(ballot.id)
    frame = asking.frame_of(ballot, options)
    return render_template(
        "ballots/sealed.html",
        ballot=ballot,
        frame=frame,
        options=[_shown(option) for option in options],
        instruction=instruction(frame),
        form=EnvelopeForm(formdata=None, whose=_whose(ballot.id)),
        whose=_whose(ballot.id),
        house=signing.public_key(),
        scripts=[(path, scripts.integrity(path)) for path in scripts.SEALED],
        may=reason is None and receipt is None,
        receipt=receipt,
        reason=reason and words_of(reason),
    )


@bp.post("/<int:ballot_id>/sealed")
@requires(Part.VILLAGER, on_behalf=True)
def sealed_cast(ballot_id: int) -> ResponseReturnValue:
    """Take an envelope, once. A second sending of the same one has the same answer."""
    whose, now, form = g.viewer.resident_id, clock.now(), EnvelopeForm()
    ready = service.get_ready(ballot_id, whose, now=now)
    try:
        if not form.validate_on_submit():
            raise Refused(UrnRefusal.NOT_AN_ENVELOPE)
        if not secrets.same(form.whose.data or "", _whose(ballot_id)):
            raise Refused(UrnRefusal.OTHER_PERSON)
        with transaction():
            receipt = urn.cast_sealed(
                ballot_id,
                whose,
                urn.read_envelope(form.envelope.data or ""),
                key=form.key.data or "",
                now=now,
                ready=ready,
            )
    except Refused as refused:
        status = 422 if refused.reason is UrnRefusal.NOT_AN_ENVELOPE else 409
        return jsonify(reason=refused.reason.value, words=words_of(refused.reason)), status
    return jsonify(receipt=receipt.ballot_sha256, code=receipt.code, promise=receipt.promise)


@bp.route("/envelopes", methods=["GET", "POST"])
@requires(Part.ANYONE)
def find_envelope() -> ResponseReturnValue:
    """Tell whether the envelope with this code is in an urn. The code stands in no address."""
    form = CodeForm()
    found, asked = None, False
    if request.method == "POST":
        if not form.validate():
            return render_template("ballots/envelope.html", form=form, found=None, asked=False), 422
        found, asked = urn.find_by_code(form.code.data or ""), True
    log = records.log_name(found[0].id) if found else ""
    page = render_template(
        "ballots/envelope.html",
        form=form,
        asked=asked,
        log=log,
        leaf=found and urn.leaf_of(found[1].ballot_sha256),
        proof=found and checking.find_proof(log, urn.leaf_of(found[1].ballot_sha256)),
        ballot=found and found[0],
        found=found and found[1],
    )
    return page, 404 if asked and not found else 200


def instruction(frame: Frame) -> str:
    """Say how the paper is filled in."""
    match frame.kind:
        case Kind.RANKED:
            return _("Tap them in your order: first what you want most.")
        case Kind.SCORE:
            return _("Give points from 0 to %(most)s.", most=frame.greatest)
        case Kind.BUDGET:
            budget = money(frame.budget_yuan or 0)
            return _("Choose projects that together cost at most %(budget)s.", budget=budget)
        case Kind.APPROVAL if frame.most > 1:
            return _("Choose up to %(most)s.", most=frame.most)
    return _("Choose one answer.")


def _shown(option: BallotOption) -> dict[str, Any]:
    note = money(option.cost_yuan) if option.cost_yuan is not None else ""
    words = str(ANSWERS[option.answer]) if option.answer else option.words
    return {"words": words, "note": note, "cost": option.cost_yuan}


def _whose(ballot_id: int) -> str:
    """Return by what a phone knows whose envelope it keeps: one phone may serve two people."""
    return secrets.digest("sealed paper", f"{ballot_id} {g.viewer.resident_id}")[:16]


def _refused(ballot: Ballot, reason: UrnRefusal) -> ResponseReturnValue:
    return render_template("ballots/refused.html", ballot=ballot, reason=words_of(reason)), 409
