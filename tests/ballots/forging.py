"""An archive forged by somebody who has the database and the key: all digests fit, all is signed.

Nothing but counting again, and comparing with what must be so, finds what was changed in it.
"""

import json
from copy import deepcopy

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from portal.ballots import asking, verify_poll
from portal.transparency import rules

KEY = Ed25519PrivateKey.from_private_bytes(b"whoever has it can sign anything")
KINDS = {
    "ballot-opened": "manifest",
    "ballot-closed": "closing",
    "ballot-counted": "counting",
}


def forge(files: dict, *edits) -> dict:
    """Change an archive, then hash, chain and sign everything anew, with a key of our own."""
    forged = deepcopy(files)
    before = {name: asking.digest_of(forged[name]) for name in KINDS.values()}
    for edit in edits:
        edit(forged)
    manifest, closing, counting = (forged[name] for name in KINDS.values())
    manifest["roster_sha256"] = asking.list_digest(map(" ".join, forged["roster"]))
    for step in (closing, counting):
        step["manifest_sha256"] = asking.digest_of(manifest)
    closing["voted_sha256"] = asking.list_digest(forged["voted"])
    counting["attended_sha256"] = asking.list_digest(forged["attended"])
    if "papers" in forged:
        closing["papers_sha256"] = asking.digest_of(forged["papers"])
    digests = {before[name]: asking.digest_of(forged[name]) for name in KINDS.values()}
    _chain(forged["record"], digests)
    leaves = [entry["leaf"] for entry in forged["record"]]
    forged["checkpoints"][-1]["size"] = len(leaves)
    _sign(forged["checkpoints"], leaves)
    if "urn" in forged:
        leaves = [verify_poll.sha(b"\x00" + bytes.fromhex(one)) for one in forged["urn"]]
        closing["urn_root"] = verify_poll.tree_root(leaves)
        _sign(forged["urn_checkpoints"], leaves)
    return seal(forged)


def seal(files: dict, key: Ed25519PrivateKey = KEY) -> dict:
    """Sign an archive anew as it is now, with every digest in it that is not of its own file."""
    about = files["about"]
    about["keys"] = [key.public_key().public_bytes_raw().hex()]
    about["files"] = {name: asking.digest_of(files[name]) for name in files if name != "about"}
    about.pop("signature", None)
    about["signature"] = key.sign(f"archive|{asking.digest_of(about)}".encode()).hex()
    return files


def month(subject: str, created_at: str):
    """Return an edit that puts a month of the ledger of points at the end of the record."""

    def _edit(files: dict) -> None:
        facts = json.loads(files["record"][-1]["text"]) | {
            "kind": "points-month",
            "subject": f"{subject}积分流水：3笔",
            "created_at": created_at,
        }
        facts["content_sha256"] = facts["file_sha256"] = asking.digest_of(subject)
        files["record"].append({"text": asking.canonical(facts).decode(), "leaf": ""})

    return _edit


def _chain(record: list[dict], digests: dict[str, str]) -> None:
    previous = rules.FIRST_PREVIOUS
    for number, entry in enumerate(record, start=1):
        facts = json.loads(entry["text"]) | {"number": number, "previous_sha256": previous}
        for name in ("content_sha256", "file_sha256"):
            facts[name] = digests.get(facts[name], facts[name])
        entry["text"] = asking.canonical(facts).decode()
        previous = entry["leaf"] = verify_poll.sha(b"\x00" + entry["text"].encode())


def _sign(checkpoints: list[dict], leaves: list[str]) -> None:
    for one in checkpoints:
        one["root"] = verify_poll.tree_root(leaves[: one["size"]])
        facts = {name: one[name] for name in ("origin", "log", "size", "root")}
        one["signature"] = KEY.sign(rules.checkpoint_text(**facts).encode()).hex()
