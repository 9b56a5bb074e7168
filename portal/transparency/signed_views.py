"""Pages of what the house signed of the record: for reading, for machines, for the notice board."""

from datetime import datetime
from typing import Any

from flask import abort, current_app, flash, g, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import force_locale, format_date
from flask_babel import gettext as _

from portal.core import clock
from portal.core.access import Part, may, requires
from portal.core.db import transaction
from portal.core.errors import Refused
from portal.core.pages import pdf_inline
from portal.transparency import (
    checking,
    checkpoints,
    logs,
    proofs,
    rules,
    service,
    signing,
    slip,
)
from portal.transparency.blueprint import bp
from portal.transparency.checking import Statement
from portal.transparency.forms import PaperForm
from portal.transparency.models import Checkpoint
from portal.transparency.words import FAULTS, REFUSALS, TREE_FAULTS

LANGUAGE = "zh_Hans"
"""Slips are in the village's language, whoever prints them."""
SIGNERS = (Part.COMMITTEE, Part.SUPERVISOR, Part.ADMIN)


@bp.get("/record/signed/")
@requires(Part.ANYONE)
def signed() -> str:
    """List what was signed of a log, the newest first, with the key to check it."""
    log = _log()
    page = checkpoints.list_page(log, page=request.args.get("page", 1, type=int))
    return render_template(
        "transparency/signed.html",
        log=log,
        is_record=log == logs.RECORD,
        page=page,
        printed=checkpoints.list_printed(log, *(one.size for one in page.items)),
        named=_named(log),
        key=signing.public_key(),
        is_signer=may(*SIGNERS),
    )


@bp.post("/record/signed/")
@requires(*SIGNERS)
def sign() -> ResponseReturnValue:
    """Sign a log as it is at this moment, note that a slip is printed, and show where it is."""
    log, now = _log(), clock.now()
    try:
        with transaction():
            made = checkpoints.make(log, now=now)
            if made is None:
                abort(404)
            checkpoints.note_printed(made, now=now)
    except Refused as refused:
        flash(REFUSALS[refused.reason], "error")
        return redirect(url_for(".signed", log=_named(log)))
    return redirect(url_for(".checkpoint", size=made.size, log=_named(log)))


@bp.get("/record/signed.json")
@requires(Part.ANYONE)
def signed_json() -> ResponseReturnValue:
    """Hand out every checkpoint of a log, for whoever keeps them elsewhere."""
    return jsonify(
        keys=signing.known_keys(),
        checkpoints=[_facts(one) for one in checkpoints.list_all(_log())],
    )


@bp.get("/record/signed/<int(max=2147483647):size>")
@requires(Part.ANYONE)
def checkpoint(size: int) -> str:
    """Show one checkpoint: what was signed, that it holds, and that the newest continues it."""
    one = checkpoints.get(_log(), size)
    newest = checkpoints.latest(one.log) or one
    return render_template(
        "transparency/checkpoint.html",
        one=one,
        newest=newest,
        text=checkpoints.text(one),
        fault=checking.why_unsigned(one),
        faults=TREE_FAULTS,
        path=proofs.find_consistency(one, newest),
        printed_at=checkpoints.printed_at(one),
        key=signing.public_key(),
        is_record=one.log == logs.RECORD,
        named=_named(one.log),
    )


@bp.get("/record/signed/<int(max=2147483647):size>.json")
@requires(Part.ANYONE)
def checkpoint_json(size: int) -> ResponseReturnValue:
    """Hand out a checkpoint, and the proof that another one (or the newest) continues it."""
    log = _log()
    old, to = checkpoints.get(log, size), request.args.get("to", type=int)
    new = checkpoints.get(log, to) if to else checkpoints.latest(log) or old
    if new.size < old.size:
        old, new = new, old
    return jsonify(
        keys=signing.known_keys(),
        old=_facts(old),
        new=_facts(new),
        consistency=proofs.find_consistency(old, new),
    )


@bp.get("/record/<int(max=2147483647):number>.json")
@requires(Part.ANYONE)
def entry_json(number: int) -> ResponseReturnValue:
    """Hand out a line of the record, and the proof that the newest checkpoint holds it."""
    entry = service.get_entry(number)
    proof = checking.find_proof(logs.RECORD, entry.leaf_sha256)
    return jsonify(
        keys=signing.known_keys(),
        entry=service.canonical(entry),
        leaf=entry.leaf_sha256,
        index=number - 1,
        checkpoint=proof and _facts(proof.checkpoint),
        inclusion=proof and proof.path,
    )


@bp.get("/record/signed/<int(max=2147483647):size>/<any(normal, large):edition>.pdf")
@requires(Part.ANYONE)
def slip_pdf(size: int, edition: str) -> ResponseReturnValue:
    """Hand out a checkpoint as a slip for the notice board."""
    one = checkpoints.get(_log(), size)
    with force_locale(LANGUAGE):
        name = _("Slip of the public record, %(size)s lines", size=one.size)
        printed = slip.render(_slip(one), is_large=edition == "large")
    return pdf_inline(printed, f"{g.village.name} {name}.pdf")


@bp.get("/record/compare")
@requires(Part.ANYONE)
def paper() -> ResponseReturnValue:
    """Compare what a slip says with the record as it is now, line by line."""
    form = PaperForm(request.args, meta={"csrf": False})
    asked = bool(request.args.get("size") or request.args.get("root"))
    if not asked or not form.validate():
        return render_template(
            "transparency/paper.html", form=form, said=None
        ), 422 if asked else 200
    said = Statement(_log(), form.size.data or 0, rules.as_beginning(form.root.data or "") or "")
    chain = service.why_broken() if said.log == logs.RECORD else None
    return render_template(
        "transparency/paper.html",
        form=form,
        said=said,
        fault=checking.why_not(said),
        chain=chain,
        length=logs.size(said.log),
        newest=checkpoints.latest(said.log),
        faults=TREE_FAULTS,
        chain_faults=FAULTS,
    ), 200


def _slip(one: Checkpoint) -> slip.Slip:
    words = {"size": one.size, "when": _moment(one.made_at)}
    origin = current_app.config["SETTINGS"].public_url
    return slip.Slip(
        village=g.village.name,
        title=_("Slip of the public record"),
        line=_("Signed on %(when)s: lines 1 to %(size)s.", **words)
        if one.log == logs.RECORD
        else _("Signed on %(when)s: %(size)s sealed ballots.", **words),
        root_label=_("Digest of all lines together"),
        root=one.root,
        use=_(
            "Keep this paper. Scan the square at any time later: the page says whether the record"
            " still holds every line it held on that day. Nobody can change an old line without"
            " this paper contradicting it."
        ),
        address=origin + url_for(".paper", size=one.size, root=one.root, log=_named(one.log)),
        english="Scan the square: the page says whether the record still holds what was printed.",
        facts=(
            (_("Page to compare"), origin + url_for(".paper")),
            (_("Signature (Ed25519)"), one.signature),
            (_("Public key of the house"), signing.public_key()),
        ),
        language="zh-CN",
    )


def _moment(moment: datetime) -> str:
    """Return a moment with its year: paper is read in other years."""
    day = format_date(moment.astimezone(clock.SHANGHAI), "long", rebase=False)
    return f"{day} {moment.astimezone(clock.SHANGHAI):%H:%M}"


def _facts(one: Checkpoint) -> dict[str, Any]:
    """Return a checkpoint for machines."""
    return {
        "text": checkpoints.text(one),
        "log": one.log,
        "size": one.size,
        "root": one.root,
        "signature": one.signature,
        "made_at": one.made_at.isoformat(),
    }


def _log() -> str:
    """Return the log that the address names: the record, if it names none."""
    return request.args.get("log", logs.RECORD)


def _named(log: str) -> str | None:
    """Return what names a log in an address; the record needs no name."""
    return None if log == logs.RECORD else log
