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
tests/ballots/test_forged.py):

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
from typing import Any, Dict, FrozenSet, Iterable, List, Optional, Sequence, Set, Tuple, Union

FILES = {"about", "attended", "checkpoints", "closing", "counting", "manifest", "record", "roster"}
FILES |= {"voted"}
NAMED, SEALED = {"papers"}, {"urn", "urn_checkpoints"}
LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
MOST_BYTES = 200_000_000
HOLDS, FAULT, OF_NOBODY = 0, 1, 3
LEAST_IN_SECRET = 10

Files = Dict[str, Any]
Paper = Tuple[int, ...]
Papers = Dict[Paper, int]
Point = Tuple[int, int, int, int]
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
        self.options = len(self.manifest["options"])
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
        signature, keys = about.pop("signature"), about["keys"]
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
        for number, entry in enumerate(self.files["record"], start=1):
            facts = json.loads(entry["text"])
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
        if "urn" in self.files:
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
            self.need(one["log"] == log, f"A checkpoint of {one['log']} stands under {log}.")
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
        most = rule["max_choices"] or self.options
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
        detail = self.counting["detail"]
        if "greedy" in detail and kind != "ranked":
            self.most_wanted(sums, detail["greedy"])
        if papers is None:
            return
        self.need(sum(papers.values()) == valid, "The valid papers are not as many as counted.")
        again = [0] * self.options
        for paper, times in papers.items():
            for option, value in enumerate(paper):
                again[option] += times * (value == 1 if kind == "ranked" else value)
        self.need(again == sums, "Counted again, the papers come to other sums.")
        if kind == "ranked":
            self.ranking(papers, detail)
        if "greedy" in detail:
            self.money(papers, detail)

    def ranking(self, papers: Papers, detail: Files) -> None:
        """Count places again: the run-off, each two beside each other, points for places."""
        self.need(
            sorted(run_off(papers, self.options)) == detail["runoff"]["winners"]
            or not detail["runoff"]["is_every_way_followed"],
            "Counted again, the run-off has another winner.",
        )
        self.need(
            pairs(papers, self.options) == detail["pairwise"]["above"],
            "Counted again, the pairs come to other numbers.",
        )
        most = self.manifest["max_choices"] or self.options
        sums = [0] * self.options
        for paper, times in papers.items():
            for option, place in enumerate(paper):
                sums[option] += times * (most - place + 1) if place else 0
        if "greedy" in detail:
            self.most_wanted(sums, detail["greedy"])

    def most_wanted(self, sums: List[int], stated: Files) -> None:
        """Give the money out again, to the most wanted first."""
        costs = [option["cost_yuan"] for option in self.manifest["options"]]
        budget = self.manifest["budget_yuan"]
        least, skips = max(self.manifest["min_votes"], 1), self.manifest["is_skipping"]
        left, funded = budget, []
        for option in sorted(range(self.options), key=lambda i: (-sums[i], i)):
            if sums[option] < least:
                continue
            if costs[option] <= left:
                left -= costs[option]
                funded.append(option)
            elif not skips:
                break
        self.need(
            funded == stated["funded"] and stated["spent"] == budget - left,
            "Counted again, other projects get the money.",
        )

    def money(self, papers: Papers, detail: Files) -> None:
        """Give the money out again by equal shares; see who is represented by each way."""
        costs = [option["cost_yuan"] for option in self.manifest["options"]]
        budget = self.manifest["budget_yuan"]
        ways = {"greedy": detail["greedy"]["funded"]}
        if "shares" in detail:
            for rule, (part, bought) in raised_shares(papers, costs, budget).items():
                stated = detail["shares"][rule]
                spent = sum(costs[option] for option in bought)
                self.need(
                    [part, 1] == stated["voter_budget"],
                    f"Counted again by equal shares ({rule}), everybody has {part} yuan.",
                )
                self.need(
                    bought == stated["funded"] and spent == stated["spent"] <= budget,
                    f"Counted again by equal shares ({rule}), other projects get the money.",
                )
                ways[rule] = bought
        for rule, funded in ways.items():
            numbers: Dict[int, int] = {}
            sides = [0, 0, 0]
            for paper, times in papers.items():
                mine = [option for option, value in enumerate(paper) if value]
                number = sum(option in funded for option in mine)
                numbers[number] = numbers.get(number, 0) + times
                first = sum(costs[option] for option in mine if option in ways["greedy"])
                second = sum(costs[option] for option in mine if option in funded)
                sides[(first > second) - (first < second)] += times
            by_number = [numbers.get(number, 0) for number in range(max(numbers, default=0) + 1)]
            self.need(
                by_number == detail["represented"][rule]["by_number"],
                f"Counted again, others are represented ({rule}).",
            )
            if rule != "greedy":
                said = detail["compared"][rule]
                self.need(
                    [said["same"], said["better_first"], said["better_second"]] == sides,
                    f"Counted again, the comparison comes out otherwise ({rule}).",
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
            counted["outcome"] in (outcome, "void"),
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


def run_off(papers: Papers, options: int) -> Set[int]:
    """Return everybody who wins in some way of breaking the ties for the last place."""
    found: Set[int] = set()
    seen: Set[FrozenSet[int]] = set()
    waiting = [frozenset(range(options))]
    rankings = [
        ([o for o in sorted(range(options), key=lambda o: p[o]) if p[o]], n)
        for p, n in papers.items()
    ]
    while waiting and len(seen) < 20_000:
        left = waiting.pop()
        if left in seen:
            continue
        seen.add(left)
        votes = dict.fromkeys(left, 0)
        for ranking, times in rankings:
            first = next((option for option in ranking if option in left), None)
            if first is not None:
                votes[first] += times
        live = sum(votes.values())
        if not live or len(left) == 1:
            found |= left
            continue
        over = {option for option, count in votes.items() if 2 * count > live}
        if over:
            found |= over
            continue
        fewest = min(votes.values())
        last = [option for option in left if votes[option] == fewest]
        above = [count for count in votes.values() if count > fewest]
        if above and len(last) * fewest < min(above):  # in any order, each would be last again
            waiting.append(left - set(last))
        else:
            waiting += [left - {option} for option in last]
    return found


def pairs(papers: Papers, options: int) -> List[List[int]]:
    """Count for each two options how many papers rank the one above the other."""
    above = [[0] * options for _ in range(options)]
    for paper, times in papers.items():
        for one in range(options):
            for other in range(options):
                if paper[one] and (not paper[other] or paper[one] < paper[other]):
                    above[one][other] += times
    return above


def raised_shares(
    papers: Papers, costs: Sequence[int], budget: int
) -> Dict[str, Tuple[int, List[int]]]:
    """Raise everybody's part yuan by yuan and buy anew; return the part and what it buys.

    By one rule it ends when nothing more fits into the budget, by the other with the last yuan
    before too much is spent.
    """
    wanted = {o for o, cost in enumerate(costs) if cost <= budget and any(p[o] for p in papers)}
    part = budget // max(sum(papers.values()), 1)
    full: Optional[Tuple[int, List[int]]] = None
    last = (part, [])  # type: Tuple[int, List[int]]
    while True:
        bought, alike = equal_shares(papers, costs, wanted, part)
        spent = sum(costs[option] for option in bought)
        if spent > budget:
            break
        if full is None and all(spent + costs[o] > budget for o in wanted - set(bought)):
            full = (part, bought)
        is_all = wanted == set(bought)
        last = (part if is_all or alike is None else part + alike, bought)
        if is_all or alike is None:
            break
        part += alike + 1
    return {"stop-when-exhaustive": full or last, "until-overspend": last}


def equal_shares(
    papers: Papers, costs: Sequence[int], wanted: Iterable[int], part: int
) -> Tuple[List[int], Optional[int]]:
    """Buy by equal shares, each voter having this part: the smallest share of the cost first.

    Return what is bought, and by how many yuan more the part could be with the same decisions
    (None: by any).
    """
    purse = Purse(papers, wanted, part)
    bought = sorted(o for o in purse.behind if not costs[o])
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
        bought.append(option)
        del asked[option]


class Purse:
    """What voters have left. Each amount is a line: so much now, so much more for a yuan more each.

    Whatever is compared grows evenly with the part, so each comparison tells how many yuan more
    would leave it as it is: these are the margins. Money lies here in whole parts of a yuan.
    """

    def __init__(self, papers: Papers, wanted: Iterable[int], part: int) -> None:
        self.weights = list(papers.values())
        self.behind = {o: [g for g, paper in enumerate(papers) if paper[o]] for o in wanted}
        self.counts = {o: sum(self.weights[g] for g in self.behind[o]) for o in self.behind}
        self.parts = 1  # of a yuan
        self.money = [(part, 1)] * len(self.weights)
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
        owed, growth, payers = cost * self.parts, 0, self.counts[option]
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
