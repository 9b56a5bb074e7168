"""Pages of the public record, and the page behind the QR code of a document."""

import hashlib
from typing import IO

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from portal.core.access import Part, requires
from portal.core.errors import Refused
from portal.transparency import checking, checkpoints, logs, rules, service, signed_views
from portal.transparency.blueprint import bp
from portal.transparency.forms import CompareForm
from portal.transparency.models import RecordEntry
from portal.transparency.rules import Refusal
from portal.transparency.words import FAULTS, KINDS, REFUSALS, TREE_FAULTS

MOST_BYTES = 16 * 1024 * 1024
CHECKED = 1000
"""So many lines are hashed again whenever the record is opened; `flask verify` hashes all."""


@bp.get("/record/")
@requires(Part.ANYONE)
def index() -> str:
    """List the village's public record, the newest first."""
    newest = checkpoints.latest(logs.RECORD)
    return render_template(
        "transparency/index.html",
        entries=service.list_entries(page=request.args.get("page", 1, type=int)),
        fault=service.why_broken(newest=CHECKED),
        checked=CHECKED,
        faults=FAULTS,
        kinds=KINDS,
        newest=newest,
        tree_fault=checking.why_unsigned(newest) if newest else None,
        tree_faults=TREE_FAULTS,
    )


@bp.get("/record/<int(max=2147483647):number>")
@requires(Part.ANYONE)
def show(number: int) -> str:
    """Show one entry with all that is hashed, so that anybody can hash it again."""
    entry = service.get_entry(number)
    proof = checking.find_proof(logs.RECORD, entry.leaf_sha256)
    return render_template(
        "transparency/show.html",
        entry=entry,
        fault=service.why_entry_broken(entry),
        faults=FAULTS,
        canonical=service.canonical(entry),
        short=rules.short(entry.content_sha256),
        newest=proof and proof.checkpoint,
        tree_fault=proof and checking.why_unsigned(proof.checkpoint),
        tree_faults=TREE_FAULTS,
        path=proof and proof.path,
    )


@bp.get("/verify/", defaults={"what": ""})
@bp.get("/verify/<what>")
@requires(Part.ANYONE)
def verify(what: str) -> ResponseReturnValue:
    """Confirm the digest that a QR code leads to; `what` is a number or the start of a digest."""
    return _page(what, CompareForm()), 200 if not what or _find(what) else 404


@bp.post("/verify/", defaults={"what": ""})
@bp.post("/verify/<what>")
@requires(Part.ANYONE)
def compare(what: str) -> ResponseReturnValue:
    """Say whether a file or digest is in the record. The file is hashed and thrown away.

    A file that is not in the record may still be told apart: one of ours that was altered names
    the digest of its content; one of ours with something added begins with the recorded bytes.
    """
    form = CompareForm()
    if not form.validate_on_submit():
        return _page(what, form), 422
    try:
        content = _uploaded(form)
        digest = hashlib.sha256(content).hexdigest() if content is not None else _typed(form)
    except Refused as refused:
        form.digest.errors = [*form.digest.errors, REFUSALS[refused.reason]]
        return _page(what, form), 422
    return _page(what, form, digest=digest, content=content or b"")


def _uploaded(form: CompareForm) -> bytes | None:
    """Return the file that was sent, or None. Raises Refused when it does not end in time."""
    upload = form.file.data
    if upload is None or not upload.filename:
        return None
    return _read(upload.stream)


def _typed(form: CompareForm) -> str:
    """Return the digest that was typed, or raise Refused."""
    given = form.digest.data or ""
    if not given.strip():
        raise Refused(Refusal.NOTHING_GIVEN)
    digest = rules.as_digest(given)
    if digest is None:
        raise Refused(Refusal.NOT_A_DIGEST)
    return digest


def _read(stream: IO[bytes]) -> bytes:
    """Read a stream, or raise Refused when it does not end in time."""
    content = stream.read(MOST_BYTES + 1)
    if len(content) > MOST_BYTES:
        raise Refused(Refusal.FILE_TOO_LARGE)
    return content


def _find(what: str) -> list[RecordEntry]:
    if what.isascii() and what.isdigit() and len(what) < 10:
        return service.find_by_number(int(what))
    return service.find_by_digest(what.lower())


def _page(what: str, form: CompareForm, *, digest: str | None = None, content: bytes = b"") -> str:
    entries = _find(what) if what else []
    matches = service.find_by_digest(digest) if digest else []
    added = altered = []
    if digest and not matches:
        added = service.find_files(rules.beginnings_of(content))
        altered = [] if added else service.find_contents(rules.digests_in(content))
    return render_template(
        "transparency/verify.html",
        what=what,
        entries=entries,
        broken={entry.number: service.why_entry_broken(entry) for entry in entries},
        successors=service.find_successors([*entries, *matches]),
        faults=FAULTS,
        form=form,
        digest=digest,
        matches=matches,
        added=added,
        altered=altered,
        action=url_for("transparency.compare", what=what),
    )


__all__ = ["bp", "signed_views"]
