#!/usr/bin/env python3
"""Checks the published archive of a finished vote. Needs Python 3.9 or newer, and nothing else.

    python3 verify_poll.py ARCHIVE.zip
        [--receipt CODE]        your receipt in a secret vote: is it counted?
        [--promise HEX]         the signed promise on that receipt: did the house sign it?
        [--opening HEX]         your own line in the list of electors: did I vote, and what counts?
        [--manifest HEX]        the fingerprint of question, choices and rule, as it was printed
        [--checkpoint SIZE:ROOT] what a printed slip says: do record or urn still hold it?
        [--key HEX]             the house's public key, as it is printed on the slips
        [--document FILE.pdf]   a published document: is it the one in the record?

It opens no connection and writes nothing. It ends with 1 and one sentence for each fault; with 0 if
everything holds, by the key or a slip of the record that you brought from the notice board; with 3
if you brought neither: then the archive fits together, but anybody could have made and signed all
of it with a key of their own. It was written apart from the portal and shares no line with it. It
is one long file, and stays one: whoever checks a vote takes one file, and can read all of it.

What is checked, and where (each is proved by an archive that was forged and signed anew, in
tests/ballots/test_forged.py and test_edits.py):

0. The container: every byte is as the portal writes it, and all of it is signed by one key (`read`,
   `signature`); --key.
1. What was frozen: `record` finds manifest.json in the public record, `frozen` that it is what was
   announced (question, options, rule, key, script), `people` the list of electors; --manifest.
2. The record and the urn: every line and its place (`record`), every checkpoint signed and a
   beginning of what is there now, the last one over all of it (`checkpoints`); --checkpoint.
3. A receipt: --receipt finds the envelope, --promise the signature; --opening finds the own line.
4. As many papers as people: by channel, by hand, in the urn, with names (`people` to `urn`).
5. The count and what follows: sums, run-off, pairs, who gets the money by each rule and who is
   represented by it (`count`, `money`); quorum, majority and outcome (`outcome`).
6. The ledger of points: its months stand in the record once, in order, after their end (`ledger`).
   What is in a month names people, so no archive has it: sums, balances and stocks of every month
   are checked against these lines in the house (`flask verify`), by whoever may see them.
7. Decisions of moderators and published documents are lines of the same record; --document.

Not shown by any file: that two of three shares opened the urn rightly (their holders stand for it,
in public), so of a secret vote only sums are counted again; and that the list of electors
was right.
"""

import argparse
import hashlib
import io
import json
import math
import re
import sys
import zipfile
from datetime import datetime, timedelta, timezone
from fractions import Fraction
from typing import (
    Any,
    Callable,
    Dict,
    FrozenSet,
    Iterable,
    List,
    Optional,
    Sequence,
    Set,
    Tuple,
    Union,
)

FILES = {"about", "attended", "checkpoints", "closing", "counting", "manifest", "record", "roster"}
FILES |= {"voted"}
NAMED, SEALED = {"papers"}, {"urn", "urn_checkpoints"}
LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
MOST_BYTES, MOST_WAYS = 200_000_000, 5000
CHANNELS = ("self", "assisted", "paper", "meeting", "import")
HOLDS, FAULT, OF_NOBODY = 0, 1, 3
LEAST_IN_SECRET = 10

Files = Dict[str, Any]
Paper = Tuple[int, ...]
Papers = Dict[Paper, int]
Point = Tuple[int, int, int, int]
Purchase = Tuple[int, Fraction, List[int]]
Line = Tuple[Union[int, Fraction], Union[int, Fraction]]

AFTER_ANNOUNCED = {"content_sha256", "announced_at", "opened_at"}
AFTER_ANNOUNCED |= {"electors", "households", "roster_sha256"}
SHANGHAI = timezone(timedelta(hours=8))


class Wrong(Exception):
    """A fault after which nothing further can be checked."""


def sha(data: bytes) -> str:
    """Return the SHA-256 of bytes, in hexadecimal."""
    return hashlib.sha256(data).hexdigest()


def canonical(value: Any) -> bytes:
    """Write plain values in the one way the portal writes them."""
    text = json.dumps(
        value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False
    )
    return text.encode()


def moment(text: str) -> datetime:
    """Read a moment as the portal writes it."""
    return datetime.fromisoformat(text)


def plain(typed: str) -> str:
    """Return what somebody copied from a slip without its blanks, in small letters."""
    return "".join(typed.split()).lower()


def list_digest(lines: Iterable[str]) -> str:
    """Return the digest of a list: of its lines, sorted."""
    return sha("\n".join(sorted(lines)).encode())


# --- the tree of RFC 6962 --------------------------------------------------------------------


def tree_root(leaves: Sequence[str]) -> str:
    """Return the root over leaf hashes, level by level; a last odd one is carried up as it is."""
    level = [bytes.fromhex(leaf) for leaf in leaves]
    if not level:
        return sha(b"")
    while len(level) > 1:
        pairs = zip(level[::2], level[1::2])
        above = [hashlib.sha256(b"\x01" + left + right).digest() for left, right in pairs]
        level = above + level[len(level) - len(level) % 2 :]
    return level[0].hex()


# --- Ed25519 signatures (RFC 8032, section 5.1.7) --------------------------------------------

P = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P


def _recover(y: int, sign: int) -> Optional[int]:
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(square, (P + 3) // 8, P)
    if x * x % P != square:
        x = x * pow(2, (P - 1) // 4, P) % P
    if x * x % P != square or (x == 0 and sign):
        return None
    return P - x if x % 2 != sign else x


def _point(data: bytes) -> Optional[Point]:
    number = int.from_bytes(data, "little")
    y = number & ((1 << 255) - 1)
    x = _recover(y, number >> 255) if y < P else None
    return None if x is None else (x, y, 1, x * y % P)


def _add(one: Point, other: Point) -> Point:
    a = (one[1] - one[0]) * (other[1] - other[0]) % P
    b = (one[1] + one[0]) * (other[1] + other[0]) % P
    c, d = 2 * one[3] * other[3] * D % P, 2 * one[2] * other[2] % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % P, g * h % P, f * g % P, e * h % P


def _times(scalar: int, point: Point) -> Point:
    found = (0, 1, 1, 0)
    while scalar:
        if scalar & 1:
            found = _add(found, point)
        point, scalar = _add(point, point), scalar >> 1
    return found


BASE = _point((4 * pow(5, P - 2, P) % P).to_bytes(32, "little")) or (0, 1, 1, 0)


def is_signed(key: str, message: bytes, signature: str) -> bool:
    """Tell whether the holder of a public key signed this message."""
    try:
        public, signed = bytes.fromhex(key), bytes.fromhex(signature)
    except ValueError:
        return False
    if len(public) != 32 or len(signed) != 64:
        return False
    a, r = _point(public), _point(signed[:32])
    s = int.from_bytes(signed[32:], "little")
    if a is None or r is None or s >= ORDER:
        return False
    h = int.from_bytes(hashlib.sha512(signed[:32] + public + message).digest(), "little") % ORDER
    left, right = _times(s, BASE), _add(r, _times(h, a))
    return (
        (left[0] * right[2] - right[0] * left[2]) % P
        == 0
        == (left[1] * right[2] - right[1] * left[2]) % P
    )


# --- how each file is made -------------------------------------------------------------------

# A dict has exactly these keys (one with a “?” may be missing), a list any number of such parts, a
# tuple exactly these parts; a set names what may stand there, a text one of KINDS (“…?”: or null).


def is_hex(length: int) -> Callable[[Any], bool]:
    """Return what tells whether something is so many hexadecimal digits, in small letters."""
    return lambda v: type(v) is str and re.fullmatch("[0-9a-f]{%d}" % length, v) is not None


def is_number(v: Any) -> bool:
    """Tell whether something is a plain whole number of a size that votes have."""
    return type(v) is int and 0 <= v < 10**15


DAY, TIME = "20[0-9]{2}-[0-9]{2}-[0-9]{2}", r"T[0-9:]{8}\.[0-9]{6}\+00:00"
KINDS: Dict[str, Callable[[Any], bool]] = {
    "text": lambda v: type(v) is str,
    "flag": lambda v: type(v) is bool,
    "number": is_number,
    "pair": lambda v: type(v) is list and len(v) == 2 and all(map(is_number, v)) and v[1] > 0,
    "digest": is_hex(64),
    "signature": is_hex(128),
    "day": lambda v: type(v) is str and re.fullmatch(DAY, v) is not None,
    "moment": lambda v: type(v) is str and re.fullmatch(DAY + TIME, v) is not None,
}
NUMBERS, MAYBE = ["number"], ["number?"]
UNIT = {"person", "household"}
CHECKPOINTS = [
    {"origin": "text", "log": "text", "size": "number", "root": "digest", "signature": "signature"}
]
OPTION = {
    "position": "number",
    "answer": {"yes", "no", "abstain", None},
    "code": "text",
    "words": "text",
    "cost_yuan": "number?",
}
RULE = {
    "legal_effect": {"statutory", "consultative"},
    "electorate": {"registered", "roster"},
    "body": {"villagers", "representatives", "group", "members", "party"},
    "unit": UNIT,
    "min_age": "number?",
    "quorum": "pair?",
    "quorum_inclusive": "flag",
    "household_quorum": "pair?",
    "household_quorum_inclusive": "flag",
    "majority": "pair?",
    "majority_inclusive": "flag",
    "majority_of": {"present", "all"},
    "remote_counts": "flag",
    "real_name": "flag",
    "notice_days": "number",
    "disclosure_days": "number",
    "objection_days": "number",
    "party_review": "flag",
    "covers_plans": "flag",
    "assisted_by_one": "pair",
    "secret_from": "number",
}
TURN = {
    "option": "number",
    "score": "number",
    "cost": "number",
    "left": "number",
    "verdict": {"funded", "too-few-votes", "no-money-left", "after-the-stop"},
    "tied": NUMBERS,
}
SHARES = {
    "purchases": [{"option": "number", "supporters": "number", "price": "pair", "tied": NUMBERS}],
    "completion": "text",
    "voter_budget": "pair",
    "raises": "number",
    "budget": "number",
    "spent": "number",
    "is_exhaustive": "flag",
    "funded": NUMBERS,
}
REPRESENTED = {
    "voters": "number",
    "by_number": NUMBERS,
    "yuan": "number",
    "chosen_yuan": "number",
    "spent": "number",
    "with_any": "number",
}
COMPARED = {"better_first": "number", "better_second": "number", "same": "number"}
BY_SHARES = ("stop-when-exhaustive", "until-overspend")
DETAIL = {
    "?runoff": {
        "rounds": [{"votes": MAYBE, "exhausted": "number", "out": NUMBERS, "tied": NUMBERS}],
        "winners": NUMBERS,
        "valid": "number",
        "is_every_way_followed": "flag",
        "winner": "number?",
    },
    "?pairwise": {
        "above": [NUMBERS],
        "tiers": [NUMBERS],
        "circle": NUMBERS,
        "valid": "number",
        "winner": "number?",
    },
    "?scores": {"sums": NUMBERS, "voters": NUMBERS, "valid": "number"},
    "?greedy": {
        "turns": [TURN],
        "budget": "number",
        "min_votes": "number",
        "is_skipping": "flag",
        "funded": NUMBERS,
        "spent": "number",
        "edge": NUMBERS,
    },
    "?shares": dict.fromkeys(BY_SHARES, SHARES),
    "?compared": dict.fromkeys(BY_SHARES, COMPARED),
    "?represented": {"greedy": REPRESENTED, **{f"?{way}": REPRESENTED for way in BY_SHARES}},
}
STEPS = {"drafted", "announced", "opened", "suspended", "resumed"}
STEPS |= {"early-close-asked", "closed-early", "closed", "papers-left-out", "witness-named"}
RECORDED = {
    "number": "number",
    "village": "text",
    "kind": "text",
    "subject": "text",
    "content_sha256": "digest",
    "file_sha256": "digest",
    "previous_sha256": "digest",
    "created_at": "moment",
}
SHAPES = {
    "about": {
        "form": {1},
        "ballot": "number",
        "keys": ["digest"],
        "files": {name: "digest" for name in sorted(FILES - {"about"})}
        | {f"?{name}": "digest" for name in sorted(NAMED | SEALED)},
        "signature": "signature",
    },
    "manifest": {
        "question": "text",
        "explanation": "text",
        "kind": {"yes-no", "single", "approval", "ranked", "score", "budget"},
        "secrecy": {"open", "sealed", "belenios"},
        "unit": UNIT,
        "max_choices": "number?",
        "min_choices": "number",
        "max_score": "number?",
        "points_total": "number?",
        "budget_yuan": "number?",
        "min_votes": "number",
        "is_skipping": "flag",
        "options": [OPTION],
        "rule": RULE,
        "citation": "text",
        "meeting": "number?",
        "party_review_on": "day?",
        "opens_at": "moment",
        "closes_at": "moment",
        "public_key": "text",
        "script_sha256": "text",
        "content_sha256": "digest",
        "plan_sha256": "digest",
        "announced_at": "moment",
        "opened_at": "moment",
        "electors": "number",
        "households": "number",
        "roster_sha256": "digest",
    },
    "closing": {
        "manifest_sha256": "digest",
        "closed_at": "moment",
        "turnout": {f"?{way}": "number" for way in CHANNELS},
        "voted_sha256": "digest",
        "?papers_sha256": "digest",
        "?changes": "number",
        "?urn_size": "number",
        "?urn_root": "digest",
    },
    "counting": {
        "manifest_sha256": "digest",
        "valid": "number",
        "invalid": "number",
        "sums": NUMBERS,
        "batches": "number",
        "detail": DETAIL,
        "attended_sha256": "digest",
        "attendees": "number",
        "households_present": "number",
        "inequalities": ["text"],
        "outcome": {"passed", "failed", "no-quorum", "void", "heard"},
        "paper_batches": [
            {
                "station": "text",
                "papers": "number",
                "invalid": "number",
                "?counts": [(NUMBERS, "number")],
                "sheet_sha256": "digest",
            }
        ],
        "steps": [{"step": STEPS, "done_at": "moment", "part": "text", "reason": "text"}],
    },
    "roster": [("digest", "digest")],
    "voted": ["digest"],
    "attended": ["digest"],
    "record": [{"text": "text", "leaf": "digest"}],
    "checkpoints": CHECKPOINTS,
    "papers": [("digest", NUMBERS)],
    "urn": ["digest"],
    "urn_checkpoints": CHECKPOINTS,
}  # type: Dict[str, Any]


def expect(value: Any, shape: Any, where: str) -> None:
    """Raise Wrong unless a value is made in this way, with all that is in it."""
    parts: List[Tuple[Any, Any, str]] = []
    if type(shape) is dict:
        known = {key.lstrip("?"): its for key, its in shape.items()}
        needed = {key for key in shape if key[0] != "?"}
        fits = type(value) is dict and needed <= set(value) <= set(known)
        parts = [(value[key], known[key], f"{where}.{key}") for key in value] if fits else []
    elif type(shape) is list:
        fits = type(value) is list
        parts = (
            [(part, shape[0], f"{where}[{at}]") for at, part in enumerate(value)] if fits else []
        )
    elif type(shape) is tuple:
        fits = type(value) is list and len(value) == len(shape)
        parts = [(one, its, where) for one, its in zip(value, shape)] if fits else []
    elif type(shape) is set:
        fits = type(value) in map(type, shape) and value in shape
    else:
        fits = (value is None and shape[-1] == "?") or KINDS[shape.rstrip("?")](value)
    if not fits:
        raise Wrong(f"{where} is not made as the portal makes it.")
    for part in parts:
        expect(*part)


# --- the archive -----------------------------------------------------------------------------


def read(path: str) -> Files:
    """Return the files of the archive; there is one way to write it, to the last byte."""
    found: Files = {}
    try:
        with open(path, "rb") as file:
            data = file.read(MOST_BYTES + 1)
        if len(data) > MOST_BYTES:
            raise Wrong("The archive is larger than any vote makes it.")
        texts: Dict[str, bytes] = {}
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for info in archive.infolist():
                if info.compress_type or info.flag_bits:
                    raise Wrong(f"{info.filename} is squeezed or locked: the portal does neither.")
                texts[info.filename] = archive.read(info)
        if packed(texts) != data:
            raise Wrong("The archive is not packed as the portal does it: there is more in it.")
        for name, text in texts.items():
            value = found[name[:-5] if name.endswith(".json") else name] = json.loads(text)
            if canonical(value) != text:
                raise Wrong(f"{name} is not written as the portal writes it.")
    except (OSError, EOFError, ValueError, RuntimeError, MemoryError, zipfile.BadZipFile) as error:
        raise Wrong(f"The archive cannot be read: {error}.") from error
    needed = FILES | (NAMED if "papers" in found else SEALED)
    if set(found) != needed:
        strange = ", ".join(sorted(set(found) ^ needed))
        raise Wrong(f"Files are missing, or there are too many: {strange}.")
    for name, value in found.items():
        expect(value, SHAPES[name], name)
    return found


def packed(texts: Dict[str, bytes]) -> bytes:
    """Pack files as the portal does: by their names, not squeezed, always with the same date."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for name in sorted(texts):
            info = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            info.create_system = 3
            archive.writestr(info, texts[name])
    return made.getvalue()


class Check:
    """The archive of one vote, and the faults found in it so far."""

    def __init__(self, files: Files) -> None:
        self.files = files
        self.faults: List[str] = []
        self.manifest, self.closing = files["manifest"], files["closing"]
        self.counting = files["counting"]
        self.asks = self.manifest["options"]
        self.options = len(self.asks)
        self.asked = 0  # so many lines of the record are spoken of here
        self.vouched = 0  # so many of them the key or a slip vouches for, that somebody brought

    def need(self, holds: bool, sentence: str) -> bool:
        """Note a fault unless something holds."""
        if not holds:
            self.faults.append(sentence)
        return holds

    # 0: whose archive it is

    def signature(self, typed: Optional[str]) -> None:
        """Check that one key signed all of the archive: the one that somebody brought, if so."""
        about = dict(self.files["about"])
        signature, keys = about.pop("signature"), about["keys"] or [""]
        for name in sorted(set(self.files) - {"about"}):
            self.need(
                about["files"].get(name) == sha(canonical(self.files[name])),
                f"{name}.json is not the one that was signed.",
            )
        text = f"archive|{sha(canonical(about))}".encode()
        self.need(is_signed(keys[0], text, signature), "The archive is not signed by its house.")
        self.need(len(set(keys)) == len(keys), "A key of the house is named twice.")
        if typed is not None and self.need(
            plain(typed) == keys[0],
            f"The archive is signed with another key than yours, namely {keys[0]}."
            + (" Yours is named as an earlier one." if plain(typed) in keys[1:] else ""),
        ):
            self.vouched = len(self.files["record"])

    # 1 and 2: what was frozen, and the record that holds it

    def record(self) -> None:
        """Check the chain of the record, and that it holds the steps of this vote."""
        before = "0" * 64
        numbers: Dict[Tuple[str, str], int] = {}
        villages = set()
        for number, entry in enumerate(self.files["record"], start=1):
            facts = json.loads(entry["text"])
            expect(facts, RECORDED, f"Entry {number} of the record")
            villages.add(facts["village"])
            self.need(
                canonical(facts).decode() == entry["text"]
                and sha(b"\x00" + entry["text"].encode()) == entry["leaf"],
                f"Entry {number} of the record was changed.",
            )
            self.need(
                facts["number"] == number and facts["previous_sha256"] == before,
                f"Entry {number} of the record does not follow the one before it.",
            )
            before = entry["leaf"]
            numbers.setdefault((facts["kind"], facts["content_sha256"]), number)
        self.need(len(villages) == 1, "The record is of several villages, or of none.")
        steps = []
        for kind, name in (
            ("ballot-opened", "manifest"),
            ("ballot-closed", "closing"),
            ("ballot-counted", "counting"),
        ):
            held = numbers.get((kind, sha(canonical(self.files[name]))), 0)
            if self.need(held > 0, f"The record does not hold {name}.json as it is here."):
                steps.append(held)
        self.need(steps == sorted(steps), "The record has the steps of this vote in a wrong order.")
        leaves = [entry["leaf"] for entry in self.files["record"]]
        last = self.checkpoints("checkpoints", "record", leaves)
        self.need(
            not steps or last >= steps[-1], "No signed checkpoint covers the result of this vote."
        )
        self.need(last == len(leaves), "Behind what was signed of the record there is more.")
        self.asked = max(steps, default=0)
        self.ledger()

    def frozen(self) -> None:
        """Check that what was opened is what was announced, and that all steps speak of it."""
        announced = {k: v for k, v in self.manifest.items() if k not in AFTER_ANNOUNCED}
        self.need(
            sha(canonical(announced)) == self.manifest["content_sha256"],
            "Question, options or rule are not those that were announced.",
        )
        for name, step in (("close", self.closing), ("count", self.counting)):
            self.need(
                step["manifest_sha256"] == sha(canonical(self.manifest)),
                f"The {name} speaks of another vote.",
            )
        times = [moment(self.manifest["announced_at"]), moment(self.manifest["opened_at"])]
        times.append(moment(self.closing["closed_at"]))
        self.need(times == sorted(times), "It was announced, opened and closed in a wrong order.")
        self.need(
            times[2] - self.held_up(times[2]) <= moment(self.manifest["closes_at"]),
            "It was open longer than announced.",
        )
        self.need(
            [one["position"] for one in self.asks] == list(range(1, self.options + 1))
            and self.options > 0,
            "There is nothing to choose, or it is not in order.",
        )
        is_sealed = "urn" in self.files
        self.need(
            is_sealed == (self.manifest["secrecy"] == "sealed")
            and set(self.closing) & {"papers_sha256", "urn_size", "urn_root"}
            == ({"urn_size", "urn_root"} if is_sealed else {"papers_sha256"}),
            "The vote is secret and its papers are not, or the other way round.",
        )
        if is_sealed:
            sealed = (self.manifest["public_key"], self.manifest["script_sha256"])
            self.need(all(sealed), "A secret vote without its key or its script.")

    def held_up(self, end: datetime) -> timedelta:
        """Add up how long voting was held up; it ends as much later."""
        lost, since = timedelta(0), None
        for step in self.counting["steps"]:
            if step["step"] == "suspended":
                since = moment(step["done_at"])
            elif step["step"] == "resumed" and since:
                lost, since = lost + moment(step["done_at"]) - since, None
        return lost + (end - since if since else timedelta(0))

    def steps(self) -> None:
        """Check what was done with the vote until its close: each once, and in order."""
        steps, closed_at = self.counting["steps"], self.closing["closed_at"]
        names, times = [one["step"] for one in steps], [moment(one["done_at"]) for one in steps]
        done, end = {one["step"]: one for one in steps}, moment(closed_at)
        always = ["drafted", "announced", "opened", "closed"]
        held_up = [name for name in names if name in ("suspended", "resumed")]
        if not self.need(
            [name for name in names if name in always] == always
            and times == sorted(times)
            and held_up == (["suspended", "resumed"] * len(held_up))[: len(held_up)],
            "The steps of this vote are not all there, once and in order.",
        ):
            return
        self.need(
            done["announced"]["done_at"] == self.manifest["announced_at"]
            and done["opened"]["done_at"] == self.manifest["opened_at"]
            and moment(done["closed"]["done_at"]) >= end,
            "The steps of this vote have other times than the vote.",
        )
        early = [done[name] for name in ("early-close-asked", "closed-early") if name in done]
        self.need(
            [one["part"] for one in early] == ["committee-head", "supervisor"]
            and moment(early[1]["done_at"]) == end
            if "closed-early" in done
            or end - self.held_up(end) < moment(self.manifest["closes_at"])
            else True,
            "It was closed before its time, and not by the two offices that can.",
        )

    def ledger(self) -> None:
        """Check that the months of the ledger of points stand in the record as they must."""
        last = ""
        for entry in self.files["record"]:
            facts = json.loads(entry["text"])
            if facts["kind"] != "points-month":
                continue
            found = re.search(r"\d{4}-\d{2}", facts["subject"])
            month = found.group() if found else ""
            first = datetime.strptime(month or "9999-01", "%Y-%m").replace(tzinfo=SHANGHAI)
            over = (first + timedelta(days=31)).replace(day=1)
            self.need(
                month > last and moment(facts["created_at"]) >= over,
                f"Entry {facts['number']}: the months of the ledger of points are not in order.",
            )
            self.need(
                facts["content_sha256"] == facts["file_sha256"],
                f"Entry {facts['number']}: a month of the ledger of points has two digests.",
            )
            last = month

    def checkpoints(self, name: str, log: str, leaves: Sequence[str]) -> int:
        """Check that each checkpoint is signed and what it signed is there; return the longest."""
        longest = 0
        for one in self.files[name]:
            size, root = one["size"], one["root"]
            text = f"{one['origin']}\n{one['log']}\n{size}\n{root}\n".encode()
            self.need(
                any(is_signed(key, text, one["signature"]) for key in self.files["about"]["keys"]),
                f"The checkpoint over {size} lines of {log} is not signed by the house.",
            )
            self.need(
                one["log"] == log and re.fullmatch(r"\S+", one["origin"]) is not None,
                f"A checkpoint of {one['log']} stands under {log}.",
            )
            self.need(
                size <= len(leaves) and tree_root(leaves[:size]) == root,
                f"What was signed as the first {size} lines of {log} is not what is there now.",
            )
            self.need(size > longest, f"The checkpoints of {log} are not in order.")
            longest = max(longest, size)
        return longest

    # 3 and 4: who could vote, who did, and as many papers

    def people(self) -> None:
        """Check who could vote, who did, and who was at the meeting."""
        roster = self.files["roster"]
        electors = [line[0] for line in roster]
        self.need(
            list_digest(map(" ".join, roster)) == self.manifest["roster_sha256"],
            "The list of electors is not the one that was frozen when the vote opened.",
        )
        self.need(len(set(electors)) == len(electors), "An elector stands on the list twice.")
        for name in {"roster", "voted", "attended", "papers"} & set(self.files):
            lines = self.files[name]
            self.need(lines == sorted(lines), f"The lines of {name}.json are not in order.")
        self.need(
            len(electors) == self.manifest["electors"]
            and len({line[1] for line in roster}) == self.manifest["households"],
            "The list of electors has another length than the vote says.",
        )
        for name, where, words in (
            ("voted", self.closing, "those who voted"),
            ("attended", self.counting, "those who were at the meeting"),
        ):
            people = self.files[name]
            self.need(
                list_digest(people) == where[f"{name}_sha256"],
                f"The list of {words} is not the one in the record.",
            )
            self.need(len(set(people)) == len(people), f"Somebody stands twice among {words}.")
            self.need(set(people) <= set(electors), f"Among {words} is somebody who is no elector.")
        self.need(
            sum(self.closing["turnout"].values()) == len(self.files["voted"]),
            "As many voted as the list says, or as the channels add up to, but these two differ.",
        )
        if self.manifest["unit"] == "household":
            home = dict(map(tuple, roster))
            homes = [home.get(person) for person in self.files["voted"]]
            self.need(len(set(homes)) == len(homes), "A household has voted twice.")

    def papers(self) -> Optional[Papers]:
        """Check that there are as many papers as voters; return those that can be counted again."""
        by_hand: Papers = {}
        spoiled = hand_papers = 0
        for batch in self.counting["paper_batches"]:
            total = batch["invalid"]
            for values, times in batch.get("counts", ()):
                by_hand[tuple(values)] = by_hand.get(tuple(values), 0) + times
                total += times
            if "urn" in self.files:  # what stood on them is in the sums, and nowhere else
                self.need(
                    "counts" not in batch and batch["papers"] >= LEAST_IN_SECRET,
                    f"The papers counted at {batch['station']} tell too much of a secret vote.",
                )
                total = batch["papers"]
            self.need(
                total == batch["papers"],
                f"The papers counted at {batch['station']} do not add up to {batch['papers']}.",
            )
            spoiled += batch["invalid"]
            hand_papers += batch["papers"]
        voters = len(self.files["voted"])
        total = self.counting["valid"] + self.counting["invalid"]
        stations = [batch["station"] for batch in self.counting["paper_batches"]]
        self.need(len(set(stations)) == len(stations), "A station has counted papers twice.")
        self.need(hand_papers == self.counting["batches"], "The papers counted by hand differ.")
        on_paper = self.closing["turnout"].get("paper", 0)
        self.need(
            hand_papers == on_paper if "urn" in self.files else hand_papers <= on_paper,
            f"{on_paper} people voted on paper, but {hand_papers} papers were counted by hand.",
        )
        self.need(total == voters, f"{voters} people voted, but {total} papers were counted.")
        found = dict(by_hand)
        if "papers" in self.files:
            lines = self.files["papers"]
            self.need(
                sha(canonical(lines)) == self.closing["papers_sha256"],
                "The papers are not those of the close.",
            )
            names = [line[0] for line in lines]
            self.need(len(set(names)) == len(names), "Somebody's paper was counted twice.")
            self.need(
                set(names) <= set(self.files["voted"]), "A paper is of somebody who did not vote."
            )
            self.need(len(names) + hand_papers == voters, "There are not as many papers as voters.")
            for _name, paper in lines:
                found[tuple(paper)] = found.get(tuple(paper), 0) + 1
        else:
            self.urn(voters - hand_papers)
        for paper in found:
            self.need(self.is_valid(paper), f"A paper was counted that is none: {list(paper)}.")
        self.need(self.counting["invalid"] >= spoiled, "Spoiled papers were left out.")
        return found if "papers" in self.files else None

    def urn(self, voters: int) -> None:
        """Check that the urn is the one that was closed, with as many envelopes as voters."""
        leaves = [sha(b"\x00" + bytes.fromhex(envelope)) for envelope in self.files["urn"]]
        log = f"urn:{self.files['about']['ballot']}"
        self.need(len(set(leaves)) == len(leaves), "An envelope is in the urn twice.")
        self.need(
            tree_root(leaves) == self.closing["urn_root"]
            and len(leaves) == self.closing["urn_size"],
            "The urn is not the one that was closed.",
        )
        self.need(len(leaves) == voters, f"{voters} voted into the urn; it holds {len(leaves)}.")
        last = self.checkpoints("urn_checkpoints", log, leaves)
        self.need(last == len(leaves), "No signed checkpoint covers the whole urn.")

    def is_valid(self, paper: Paper) -> bool:
        """Tell whether a paper is one that this vote allows."""
        rule = self.manifest
        kind, given = rule["kind"], [value for value in paper if value]
        most = 1 if kind in ("yes-no", "single") else rule["max_choices"] or self.options
        if len(paper) != self.options or not rule["min_choices"] <= len(given) <= most:
            return False
        if kind == "ranked":
            return sorted(given) == list(range(1, len(given) + 1))
        if kind == "score":
            most_points = rule["max_score"] or rule["points_total"]
            fits = rule["points_total"] is None or sum(given) <= rule["points_total"]
            return fits and all(0 < value <= most_points for value in given)
        costs = [option["cost_yuan"] or 0 for option in rule["options"]]
        spent = sum(cost for cost, value in zip(costs, paper) if value)
        fits = kind != "budget" or spent <= rule["budget_yuan"]
        return fits and all(value == 1 for value in given)

    # 5: the count, the rule, the outcome

    def count(self, papers: Optional[Papers]) -> None:
        """Count the papers again, by every rule of their kind."""
        sums = self.counting["sums"]
        valid = self.counting["valid"]
        kind = self.manifest["kind"]
        self.need(len(sums) == self.options, "The sums do not belong to the options.")
        if kind in ("yes-no", "single", "ranked"):
            self.need(sum(sums) == valid, "The sums do not add up to the valid papers.")
        elif kind != "score":
            self.need(all(count <= valid for count in sums), "A sum is greater than all papers.")
        if papers is not None:
            self.need(sum(papers.values()) == valid, "The valid papers are not as many as counted.")
            again = [0] * self.options
            for paper, times in papers.items():
                for option, value in enumerate(paper):
                    again[option] += times * (value == 1 if kind == "ranked" else value)
            self.need(again == sums, "Counted again, the papers come to other sums.")
        self.detail(papers)

    def detail(self, papers: Optional[Papers]) -> None:
        """Count by every further rule that fits this kind of vote, and compare all that is said."""
        kind = self.manifest["kind"]
        names = {"ranked": {"runoff", "pairwise"}, "score": {"scores"}}.get(kind, set())
        detail, costs = self.counting["detail"], [one["cost_yuan"] for one in self.asks]
        if self.manifest["budget_yuan"] and all(costs):
            names = names | {"greedy", "represented"}
            names |= {"shares", "compared"} if kind not in ("ranked", "score") else set()
        if not self.need(
            set(detail) == names, "The result counts in other ways than this vote is counted."
        ):
            return
        if kind == "ranked":
            self.ranking(papers, detail)
        if kind == "score":
            self.scores(papers, detail["scores"])
        if "greedy" in detail:
            self.money(papers, detail, costs)

    def ranking(self, papers: Optional[Papers], detail: Files) -> None:
        """Count places again: the run-off, and each two beside each other."""
        stated, pairwise = detail["runoff"], detail["pairwise"]
        if papers is not None:
            again = run_off_told(papers, self.options)
            self.need(
                again["winners"] == stated["winners"],
                "Counted again, the run-off has another winner.",
            )
            self.need(again == stated, "Counted again, the run-off goes otherwise.")
            self.need(
                pairs(papers, self.options) == pairwise["above"],
                "Counted again, the pairs come to other numbers.",
            )
        first = stated["rounds"][0]
        self.need(
            first["votes"] == self.counting["sums"]
            and stated["valid"] == pairwise["valid"] == self.counting["valid"],
            "The run-off or the pairs are of other papers than the sums.",
        )
        tiers = tiers_of(pairwise["above"])
        winner = tiers[0][0] if len(tiers[0]) == 1 else None
        self.need(
            (tiers, winner) == (pairwise["tiers"], pairwise["winner"])
            and is_shortest_circle(pairwise["circle"], pairwise["above"], tiers),
            "The order that follows from the pairs is another.",
        )

    def scores(self, papers: Optional[Papers], stated: Files) -> None:
        """Count from how many each choice got its points."""
        sums, valid = self.counting["sums"], self.counting["valid"]
        voters = stated["voters"]
        if papers is not None:
            voters = [sum(n for p, n in papers.items() if p[o]) for o in range(self.options)]
        most = self.manifest["max_score"] or self.manifest["points_total"] or 0
        self.need(
            stated == {"sums": sums, "voters": voters, "valid": valid}
            and len(voters) == self.options
            and all(n <= points <= n * most for n, points in zip(voters, sums))
            and max(voters, default=0) <= valid,
            "Counted again, the points are from others.",
        )

    def money(self, papers: Optional[Papers], detail: Files, costs: Sequence[int]) -> None:
        """Give the money out again in each way; see who is represented by it."""
        budget, greedy = self.manifest["budget_yuan"], detail["greedy"]
        scores = self.counting["sums"]
        if self.manifest["kind"] == "ranked":
            scores = points_for_places(papers, self.manifest["max_choices"] or self.options)
            if papers is None:  # nobody sees them, so what is stated must at least fit together
                given = {turn["option"]: turn["score"] for turn in greedy["turns"]}
                scores = [given.get(option, 0) for option in range(self.options)]
        self.need(
            greedy == most_wanted(scores, costs, self.manifest),
            "Counted again, other projects get the money.",
        )
        ways = {"greedy": greedy["funded"]}
        if "shares" in detail:
            if papers is not None:
                self.shares(detail["shares"], raised_shares(papers, costs, budget))
            for rule, stated in detail["shares"].items():
                ways[rule] = bought = stated["funded"]
                self.need(
                    [one["option"] for one in stated["purchases"]] == bought
                    and len(set(bought)) == len(bought)
                    and stated["spent"] == sum(costs[option] for option in bought) <= budget
                    and all(
                        one["supporters"] == scores[one["option"]] for one in stated["purchases"]
                    )
                    and (stated["completion"], stated["budget"]) == (rule, budget),
                    f"What is bought by equal shares ({rule}) does not fit together.",
                )
        self.need(
            set(detail["represented"]) == set(ways), "It is said of other ways who is represented."
        )
        for rule, funded in ways.items():
            stated = detail["represented"][rule]
            compared = detail["compared"][rule] if rule != "greedy" else None
            if papers is not None:
                self.need(
                    stated == represented(papers, costs, funded),
                    f"Counted again, others are represented ({rule}).",
                )
                self.need(
                    compared in (None, compare(papers, costs, greedy["funded"], funded)),
                    f"Counted again, the comparison comes out otherwise ({rule}).",
                )
            self.need(
                stated["voters"] == sum(stated["by_number"]) == self.counting["valid"]
                and stated["with_any"] == stated["voters"] - stated["by_number"][0]
                and stated["spent"] == sum(costs[option] for option in funded)
                and sum((compared or {"all": stated["voters"]}).values()) == stated["voters"],
                f"Who is represented ({rule}) does not fit together.",
            )

    def shares(self, stated: Files, again: Files) -> None:
        """Compare what was bought by equal shares with what is bought now."""
        for rule, found in stated.items():
            part = again[rule]["voter_budget"]
            self.need(
                found["voter_budget"] == part,
                f"Counted again by equal shares ({rule}), everybody has {part[0]} yuan.",
            )
            self.need(
                all(found[key] == again[rule][key] for key in ("funded", "spent")),
                f"Counted again by equal shares ({rule}), other projects get the money.",
            )
            self.need(
                found == again[rule], f"Counted again by equal shares ({rule}), it goes otherwise."
            )

    def outcome(self) -> None:
        """Judge the numbers by the rule again."""
        rule, counted = self.manifest["rule"], self.counting
        home = dict(map(tuple, self.files["roster"]))
        there = set(self.files["voted"]) | set(self.files["attended"])
        homes = len({home[person] for person in there if person in home})
        by_house = self.manifest["unit"] == "household"
        present = homes if by_house else len(there)
        electors, households = self.manifest["electors"], self.manifest["households"]
        self.need(
            present == counted["attendees"] and homes == counted["households_present"],
            "Another number of people took part than the result says.",
        )
        lines, reached, decided = [], None, None
        ways = []
        if rule["quorum"] and not by_house:
            ways.append((present, electors, rule["quorum"], rule["quorum_inclusive"]))
        if rule["household_quorum"] and households:
            ways.append(
                (homes, households, rule["household_quorum"], rule["household_quorum_inclusive"])
            )
        if rule["quorum"] or rule["household_quorum"]:
            reached = False
            for way in ways:
                holds, text = inequality(*way)
                reached = reached or holds
                lines.append(text)
        if rule["majority"]:
            yes = sum(
                count
                for option, count in zip(self.manifest["options"], counted["sums"])
                if option["answer"] == "yes"
            )
            whole = present
            if rule["majority_of"] == "all":
                whole = households if by_house else electors
            decided, text = inequality(yes, whole, rule["majority"], rule["majority_inclusive"])
            lines.append(text)
        self.need(lines == counted["inequalities"], "The inequalities come out otherwise.")
        outcome = "passed" if decided else "failed"
        if reached is False:
            outcome = "no-quorum"
        if rule["legal_effect"] == "consultative":
            outcome = "heard"
        if counted["valid"] + counted["invalid"] > present:
            outcome = "void"
        self.need(
            counted["outcome"] == outcome,
            f"By its rule this vote is {outcome}, not {counted['outcome']}.",
        )

    # what an elector, a neighbour or a reader brings along

    def receipt(self, typed: str, promise: Optional[str] = None) -> None:
        """Look for somebody's envelope by the code or the digest on their receipt."""
        code = "".join(c for c in typed.upper() if c.isalnum() and c.isascii())
        code = code.translate(str.maketrans("OIL", "011"))
        digest = typed.strip().lower()
        if len(code) == 16 and set(code) <= set(LETTERS):
            digest = f"{sum(LETTERS.index(c) << 5 * i for i, c in enumerate(code[::-1])):020x}"
        found = [one for one in self.files.get("urn", []) if one.startswith(digest)]
        self.need(
            len(digest) in (20, 64) and bool(found),
            "Your receipt is not among the envelopes of this vote.",
        )
        if promise is not None:
            text = f"promise|{sha(canonical(self.manifest))}|{(found or [digest])[0]}".encode()
            self.need(
                any(is_signed(key, text, promise) for key in self.files["about"]["keys"]),
                "The promise on your receipt is not signed by the house.",
            )

    def frozen_as(self, typed: str) -> None:
        """Compare the printed fingerprint of question, choices and rule."""
        self.need(
            plain(typed) == sha(canonical(self.manifest)),
            "Question, choices or rule are not those of the printed fingerprint.",
        )

    def opening(self, typed: str) -> None:
        """Look for an elector by what opens their line."""
        line = sha(typed.strip().lower().encode())
        on_list = any(elector == line for elector, _home in self.files["roster"])
        if self.need(on_list, "Your line is not on the list of electors."):
            voted = line in self.files["voted"]
            print(
                "Your line is on the list of electors; it", "has" if voted else "has not", "voted."
            )
            for name, paper in self.files.get("papers", []):
                if name == line:
                    print("Your paper, in the order of the options:", paper)

    def printed(self, typed: str) -> None:
        """Check that the record, or the urn, begins with what a printed slip says."""
        size, _, root = plain(typed).partition(":")
        record = [entry["leaf"] for entry in self.files["record"]]
        urn = [sha(b"\x00" + bytes.fromhex(envelope)) for envelope in self.files.get("urn", [])]
        lines = int(size) if re.fullmatch("[1-9][0-9]{0,8}", size) else 0
        if lines > max(len(record), len(urn)):
            self.need(False, "The printed slip is newer than this archive: take the archive anew.")
            return
        holds = [lines > 0 and tree_root(leaves[:lines]) == root for leaves in (record, urn)]
        self.need(
            any(holds),
            "What the printed slip says no longer stands in the record, nor in the urn.",
        )
        if holds[0]:
            self.vouched = max(self.vouched, lines)

    def document(self, path: str) -> None:
        """Check that a document is in the record."""
        try:
            with open(path, "rb") as file:
                digest = sha(file.read())
        except OSError as error:
            self.need(False, f"The document cannot be read: {error}.")
            return
        facts = (json.loads(entry["text"]) for entry in self.files["record"])
        at = next((one["number"] for one in facts if one["file_sha256"] == digest), 0)
        self.need(at > 0, "This document is not in the record.")
        self.asked = max(self.asked, at)


# --- the rules, counted again ----------------------------------------------------------------


def inequality(part: int, whole: int, share: Sequence[int], inclusive: bool) -> Tuple[bool, str]:
    """Return whether a part reaches its share of the whole, and how that is printed."""
    top, bottom = share
    left, right = bottom * part, top * whole
    holds = part > 0 and (left >= right if inclusive else left > right)
    above, below = ("≥", "<") if inclusive else (">", "≤")
    sign = above if (left >= right if inclusive else left > right) else below
    target = str(right) if top == 1 else f"{top}×{whole}={right}"
    return holds, f"{bottom}×{part}={left} {sign} {target}"


def standing(papers: Papers, left: Iterable[int]) -> Dict[int, int]:
    """Return how many papers have each of those who are left as the first of them."""
    votes = dict.fromkeys(left, 0)
    for paper, times in papers.items():
        ranked = [(paper[option], option) for option in votes if paper[option]]
        if ranked:
            votes[min(ranked)[1]] += times
    return votes


def ahead(votes: Dict[int, int]) -> Set[int]:
    """Return who has over half of a round, or all who are left where nobody else can be."""
    live = sum(votes.values())
    if not live or len(votes) == 1:
        return set(votes)
    return {option for option, count in votes.items() if 2 * count > live}


def behind(votes: Dict[int, int]) -> Tuple[List[int], bool]:
    """Return who is last, and whether the order in which they leave can change anything."""
    fewest = min(votes.values())
    last = sorted(option for option, count in votes.items() if count == fewest)
    above = [count for count in votes.values() if count > fewest]
    return last, len(last) > 1 and not (above and len(last) * fewest < min(above))


def run_off_told(papers: Papers, options: int) -> Files:
    """Return the rounds of a run-off in which the later one leaves first, and who can win it."""
    rounds: List[Files] = []
    left, won, valid = set(range(options)), set(), sum(papers.values())  # type: Any, Set[int], int
    while not won:
        votes = standing(papers, left)
        won, (last, is_tied) = ahead(votes), behind(votes)
        out = [] if won else last[-1:] if is_tied else last
        left = left - set(out)
        rounds.append(
            {
                "votes": [votes.get(option) for option in range(options)],
                "exhausted": valid - sum(votes.values()),
                "out": out,
                "tied": last if is_tied and not won else [],
            }
        )
    every = every_winner(papers, options)
    winners = sorted(won if every is None else every)
    return {
        "rounds": rounds,
        "winners": winners,
        "valid": valid,
        "is_every_way_followed": every is not None,
        "winner": winners[0] if len(winners) == 1 else None,
    }


def run_off(papers: Papers, options: int) -> Set[int]:
    """Return everybody who wins in some way of breaking the ties for the last place."""
    return set(run_off_told(papers, options)["winners"])


def every_winner(papers: Papers, options: int) -> Optional[Set[int]]:
    """Follow every way of breaking ties; None if more sets of remaining choices come of it."""
    found: Set[int] = set()
    seen: Set[FrozenSet[int]] = set()
    waiting = [frozenset(range(options))]
    while waiting:
        left = waiting.pop()
        if left in seen:
            continue
        seen.add(left)
        if len(seen) > MOST_WAYS:
            return None
        votes = standing(papers, left)
        won = ahead(votes)
        found |= won
        if not won:
            last, is_tied = behind(votes)
            waiting += [left - {one} for one in last] if is_tied else [left - set(last)]
    return found


def points_for_places(papers: Optional[Papers], most: int) -> List[int]:
    """Give so many points for a first place, one less for each next one."""
    given = [
        [times * (most - place + 1) if place else 0 for place in paper]
        for paper, times in (papers or {}).items()
    ]
    return [sum(column) for column in zip(*given)]


def tiers_of(above: List[List[int]]) -> List[List[int]]:
    """Put together those who beat all others; then, of the rest, those who beat the others."""
    left, tiers = set(range(len(above))), []
    while left:
        strongest = max(left, key=lambda o: sum((above[o][i] >= above[i][o]) for i in left))
        tier = {strongest}
        while True:
            more = {o for o in left - tier if any(above[o][i] >= above[i][o] for i in tier)}
            if not more:
                break
            tier |= more
        tiers.append(sorted(tier))
        left -= tier
    return tiers


def is_shortest_circle(
    circle: List[int], above: List[List[int]], tiers: Sequence[Sequence[int]]
) -> bool:
    """Tell whether each beats the next, and no circle is shorter in the first tier with any."""
    for tier in tiers:
        beats = {o: [i for i in tier if above[o][i] > above[i][o]] for o in tier}
        lengths = []
        for start in tier:
            reached, steps = set(beats[start]), 1
            while start not in reached and steps < len(tier):
                reached, steps = reached.union(*(beats[o] for o in reached)), steps + 1
            if start in reached:
                lengths.append(steps)
        if lengths:
            following = zip(circle, circle[1:] + circle[:1])
            is_circle = set(circle) <= set(tier) and all(i in beats[o] for o, i in following)
            return is_circle and len(circle) == len(set(circle)) == min(lengths)
    return not circle


def pairs(papers: Papers, options: int) -> List[List[int]]:
    """Count for each two options how many papers rank the one above the other."""
    above = [[0] * options for _ in range(options)]
    for paper, times in papers.items():
        for one in range(options):
            for other in range(options):
                if paper[one] and (not paper[other] or paper[one] < paper[other]):
                    above[one][other] += times
    return above


def most_wanted(scores: Sequence[int], costs: Sequence[int], manifest: Files) -> Files:
    """Give the money to the most wanted first; return each one's turn and what came of it."""
    left, is_over, turns = manifest["budget_yuan"], False, []  # type: int, bool, List[Files]
    for option in sorted(range(len(scores)), key=lambda i: (-scores[i], i)):
        verdict = "funded"
        if scores[option] < max(manifest["min_votes"], 1):
            verdict = "too-few-votes"
        elif is_over:
            verdict = "after-the-stop"
        elif costs[option] > left:
            verdict, is_over = "no-money-left", not manifest["is_skipping"]
        alike = [i for i in range(len(scores)) if i != option and scores[i] == scores[option]]
        turn = {"option": option, "score": scores[option], "cost": costs[option], "left": left}
        turns.append({**turn, "verdict": verdict, "tied": alike})
        left -= costs[option] if verdict == "funded" else 0
    fate = {turn["option"]: turn["verdict"] for turn in turns}
    return {
        "turns": turns,
        "budget": manifest["budget_yuan"],
        "min_votes": manifest["min_votes"],
        "is_skipping": manifest["is_skipping"],
        "funded": [option for option, verdict in fate.items() if verdict == "funded"],
        "spent": manifest["budget_yuan"] - left,
        "edge": [t["option"] for t in turns if {fate[i] for i in t["tied"]} - {t["verdict"]}],
    }


def represented(papers: Papers, costs: Sequence[int], funded: Sequence[int]) -> Files:
    """Count how many of their choices were funded for how many, and how much money that is."""
    numbers = [0] * (len(costs) + 1)
    yuan = chosen = 0
    for paper, times in papers.items():
        mine = [option for option, value in enumerate(paper) if value]
        numbers[sum(option in funded for option in mine)] += times
        yuan += times * sum(costs[option] for option in mine if option in funded)
        chosen += times * sum(costs[option] for option in mine)
    while len(numbers) > 1 and not numbers[-1]:
        numbers.pop()
    return {
        "voters": sum(numbers),
        "by_number": numbers,
        "yuan": yuan,
        "chosen_yuan": chosen,
        "spent": sum(costs[option] for option in funded),
        "with_any": sum(numbers[1:]),
    }


def compare(
    papers: Papers, costs: Sequence[int], one: Sequence[int], other: Sequence[int]
) -> Files:
    """Count for whom one way funds more money of their choices, for whom the other."""
    sides = [0, 0, 0]
    for paper, times in papers.items():
        mine = [option for option, value in enumerate(paper) if value]
        first, second = (sum(costs[o] for o in mine if o in way) for way in (one, other))
        sides[(first > second) - (first < second)] += times
    return {"same": sides[0], "better_first": sides[1], "better_second": sides[2]}


def raised_shares(papers: Papers, costs: Sequence[int], budget: int) -> Dict[str, Files]:
    """Raise everybody's part yuan by yuan and buy anew; return all that the result says of it.

    By one rule it ends when nothing more fits into the budget, by the other with the last yuan
    before too much is spent.
    """
    wanted = {o for o, cost in enumerate(costs) if cost <= budget and any(p[o] for p in papers)}
    first = part = last = budget // max(sum(papers.values()), 1)
    full: Optional[int] = None

    def left_over(bought: List[Purchase]) -> int:
        return budget - sum(costs[option] for option, _price, _tied in bought)

    def is_full(bought: List[Purchase]) -> bool:
        others = wanted - {option for option, _price, _tied in bought}
        return all(costs[option] > left_over(bought) for option in others)

    while True:
        bought, alike = equal_shares(papers, costs, wanted, part)
        if left_over(bought) < 0:
            break
        if full is None and is_full(bought):
            full = part
        last = part
        if alike is None or len(bought) == len(wanted):
            break
        last, part = part + alike, part + alike + 1
    told = {}
    for rule, part in zip(BY_SHARES, (last if full is None else full, last)):
        bought = equal_shares(papers, costs, wanted, part)[0]
        told[rule] = {
            "purchases": [
                {
                    "option": option,
                    "supporters": sum(times for p, times in papers.items() if p[option]),
                    "price": [price.numerator, price.denominator],
                    "tied": tied,
                }
                for option, price, tied in bought
            ],
            "completion": rule,
            "voter_budget": [part, 1],
            "raises": part - first,
            "budget": budget,
            "spent": budget - left_over(bought),
            "is_exhaustive": is_full(bought),
            "funded": [option for option, _price, _tied in bought],
        }
    return told


def equal_shares(
    papers: Papers, costs: Sequence[int], wanted: Iterable[int], part: Union[int, Fraction]
) -> Tuple[List[Purchase], Optional[int]]:
    """Buy by equal shares, each voter having this part: the smallest share of the cost first.

    Return what is bought, what each pays at most and who would have asked the same, and by how many
    yuan more the part could be with the same decisions (None: by any).
    """
    purse = Purse(papers, wanted, part)
    bought: List[Purchase] = [(o, Fraction(0), []) for o in sorted(wanted) if not costs[o]]
    asked: Dict[int, Line] = {o: (0, 0) for o in purse.behind if costs[o]}  # it only grows
    while True:
        best: Optional[Tuple[Line, Tuple[int, int, int], Line]] = None
        for option in sorted(asked, key=lambda o: asked[o]):
            if best and purse.compare(asked[option], best[0]) > 0:
                continue
            level = purse.price(option, costs[option])
            if level is None:
                del asked[option]
                continue
            share = (Fraction(level[0], costs[option]), Fraction(level[1], costs[option]))
            asked[option] = share
            rank = (-purse.counts[option], costs[option], option)
            sign = purse.compare(share, best[0]) if best else -1
            if best is None or sign < 0 or (sign == 0 and rank < best[1]):
                best = (share, rank, level)
        if best is None:
            return bought, min(purse.margins, default=None)
        option = best[1][2]
        purse.pay(option, best[2])
        del asked[option]
        tied = sorted(o for o, share in asked.items() if share[0] == best[0][0])
        bought.append((option, Fraction(best[2][0]), tied))


class Purse:
    """What voters have left. Each amount is a line: so much now, so much more for a yuan more each.

    Whatever is compared grows evenly with the part, so each comparison tells how many yuan more
    would leave it as it is: these are the margins. Money lies here in whole parts of a yuan.
    """

    def __init__(self, papers: Papers, wanted: Iterable[int], part: Union[int, Fraction]) -> None:
        self.weights = list(papers.values())
        self.behind = {o: [g for g, paper in enumerate(papers) if paper[o]] for o in wanted}
        self.counts = {o: sum(self.weights[g] for g in self.behind[o]) for o in self.behind}
        self.parts = 1  # of a yuan
        self.money: List[Line] = [(part, 1)] * len(self.weights)
        self.margins: List[int] = []

    def compare(self, one: Line, other: Line) -> int:
        """Return the sign of the difference, and note for how long it stays."""
        by, growth = one[0] - other[0], one[1] - other[1]
        if growth and by * growth <= 0:
            self.margins.append(max(-(by // growth) - 1, 0))  # it turns at -by / growth
        return (by > 0) - (by < 0)

    def price(self, option: int, cost: int) -> Optional[Line]:
        """Return what each supporter pays who has so much, the others all they have."""
        groups = sorted(self.behind[option], key=lambda g: self.money[g][0])
        owed: Union[int, Fraction] = cost * self.parts
        growth: Union[int, Fraction] = 0
        payers = self.counts[option]
        for group in groups:
            has, more = self.money[group]
            if has * payers >= owed:
                for some, its in {self.money[g] for g in groups}:
                    self.compare((some * payers, its * payers), (owed, growth))
                parts = payers * self.parts
                return Fraction(owed, parts), Fraction(growth, parts)
            owed -= has * self.weights[group]
            growth -= more * self.weights[group]
            payers -= self.weights[group]
        self.compare((owed, growth), (0, 0))
        return None

    def pay(self, option: int, level: Line) -> None:
        """Take the price of an option from its supporters."""
        finer = math.lcm(self.parts, *(Fraction(one).denominator for one in level)) // self.parts
        self.parts *= finer
        self.money = [(has * finer, more * finer) for has, more in self.money]
        price, growth = (int(one * self.parts) for one in level)
        for group in self.behind[option]:
            has, more = self.money[group]
            self.money[group] = (has - price, more - growth) if has > price else (0, 0)


def checked(asked: argparse.Namespace) -> Check:
    """Check an archive, and what somebody brought along."""
    check = Check(read(asked.archive))
    check.signature(asked.key)
    check.record()
    check.frozen()
    check.steps()
    check.people()
    check.count(check.papers())
    check.outcome()
    if asked.receipt is not None or asked.promise is not None:
        check.receipt(asked.receipt or "", asked.promise)
    for given, deed in (
        (asked.manifest, check.frozen_as),
        (asked.opening, check.opening),
        (asked.checkpoint, check.printed),
        (asked.document, check.document),
    ):
        if given is not None:
            deed(given)
    return check


def main(arguments: Optional[List[str]] = None) -> int:
    """Check an archive; return 0 if everything holds."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("archive")
    for name in ("receipt", "promise", "opening", "manifest", "checkpoint", "key", "document"):
        parser.add_argument(f"--{name}")
    asked = parser.parse_args(arguments)
    try:
        check = checked(asked)
        faults = check.faults
    except Wrong as wrong:
        faults = [str(wrong)]
    except (LookupError, TypeError, ValueError, ArithmeticError, AttributeError) as odd:
        faults = [f"The archive is not made as archives are: {type(odd).__name__} {odd}."]
    except RecursionError:
        faults = ["The archive is not made as archives are: lists in lists in lists."]
    for fault in faults:
        print("FAULT:", fault)
    if faults:
        return FAULT
    result = f"{check.manifest['question']} → {check.counting['outcome']}"
    if check.vouched >= check.asked:
        print("Everything holds:", result)
        return HOLDS
    print("The archive fits together:", result)
    print("But nothing that you brought shows whose it is: anybody can make and sign such a file.")
    print("Compare the key that signed it with the one on the slips at the notice board:")
    print(check.files["about"]["keys"][0])
    print("and run this again with --key, or with --checkpoint and a slip of after the count.")
    return OF_NOBODY


if __name__ == "__main__":
    sys.stdout.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]  # narrow consoles
    sys.exit(main())
