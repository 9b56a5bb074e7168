#!/usr/bin/env python3
"""Checks the published archive of a finished vote. Needs Python 3.9 or newer, and nothing else.

    python3 verify_poll.py ARCHIVE.zip
        [--receipt CODE]        your receipt in a secret vote: is it counted?
        [--opening HEX]         your own line in the list of electors: did I vote, and what counts?
        [--checkpoint SIZE:ROOT] what a printed slip says: does the record still contain it?
        [--key HEX]             the house's public key, as it is printed on the slips
        [--document FILE.pdf]   a published document: is it the one in the record?

It opens no connection and writes nothing. It ends with 0 if everything holds, else with 1 and one
sentence for each fault. It was written apart from the portal and shares no line with it.
"""

import argparse
import hashlib
import json
import sys
import zipfile
from fractions import Fraction
from typing import Any, Dict, FrozenSet, Iterable, List, Optional, Sequence, Set, Tuple

FILES = {"about", "attended", "checkpoints", "closing", "counting", "manifest", "record", "roster"}
FILES |= {"voted"}
NAMED, SEALED = {"papers"}, {"urn", "urn_checkpoints"}
LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
MOST_BYTES = 200_000_000

Files = Dict[str, Any]
Paper = Tuple[int, ...]
Papers = Dict[Paper, int]
Point = Tuple[int, int, int, int]


class Wrong(Exception):
    """A fault after which nothing further can be checked."""


def sha(data: bytes) -> str:
    """Return the SHA-256 of bytes, in hexadecimal."""
    return hashlib.sha256(data).hexdigest()


def canonical(value: Any) -> bytes:
    """Write plain values in the one way the portal writes them."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


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
    """Return the files of the archive; each must be written in the one way there is to write it."""
    found: Files = {}
    try:
        with zipfile.ZipFile(path) as archive:
            if sum(info.file_size for info in archive.infolist()) > MOST_BYTES:
                raise Wrong("The archive is larger than any vote makes it.")
            for info in archive.infolist():
                name, text = info.filename, archive.read(info)
                if not name.endswith(".json") or name[:-5] in found:
                    raise Wrong(f"The archive holds a file that does not belong there: {name}.")
                found[name[:-5]] = json.loads(text)
                if canonical(found[name[:-5]]) != text:
                    raise Wrong(f"{name} is not written as the portal writes it.")
    except (OSError, zipfile.BadZipFile, UnicodeDecodeError, ValueError, EOFError) as error:
        raise Wrong(f"The archive cannot be read: {error}.") from error
    needed = FILES | (NAMED if "papers" in found else SEALED)
    if set(found) != needed:
        strange = ", ".join(sorted(set(found) ^ needed))
        raise Wrong(f"Files are missing, or there are too many: {strange}.")
    return found


class Check:
    """The archive of one vote, and the faults found in it so far."""

    def __init__(self, files: Files) -> None:
        self.files = files
        self.faults: List[str] = []
        self.manifest, self.closing = files["manifest"], files["closing"]
        self.counting = files["counting"]
        self.options = len(self.manifest["options"])

    def need(self, holds: bool, sentence: str) -> bool:
        """Note a fault unless something holds."""
        if not holds:
            self.faults.append(sentence)
        return holds

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
            self.closing["manifest_sha256"] == sha(canonical(self.manifest)),
            "The close speaks of another vote.",
        )
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
            for values, times in batch["counts"]:
                by_hand[tuple(values)] = by_hand.get(tuple(values), 0) + times
                total += times
            self.need(
                total == batch["papers"],
                f"The papers counted at {batch['station']} do not add up to {batch['papers']}.",
            )
            spoiled += batch["invalid"]
            hand_papers += batch["papers"]
        voters = len(self.files["voted"])
        total = self.counting["valid"] + self.counting["invalid"]
        self.need(hand_papers == self.counting["batches"], "The papers counted by hand differ.")
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
        self.checkpoints("urn_checkpoints", log, leaves)

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
        if papers is None:
            return
        self.need(sum(papers.values()) == valid, "The valid papers are not as many as counted.")
        again = [0] * self.options
        for paper, times in papers.items():
            for option, value in enumerate(paper):
                again[option] += times * (value == 1 if kind == "ranked" else value)
        self.need(again == sums, "Counted again, the papers come to other sums.")
        detail = self.counting["detail"]
        if kind == "ranked":
            self.need(
                sorted(run_off(papers, self.options)) == detail["runoff"]["winners"]
                or not detail["runoff"]["is_every_way_followed"],
                "Counted again, the run-off has another winner.",
            )
            self.need(
                pairs(papers, self.options) == detail["pairwise"]["above"],
                "Counted again, the pairs come to other numbers.",
            )
        if "greedy" in detail:
            self.money(papers, sums, detail)

    def money(self, papers: Papers, sums: List[int], detail: Files) -> None:
        """Give the money out again, to the most wanted first and by equal shares."""
        costs = [option["cost_yuan"] for option in self.manifest["options"]]
        budget = self.manifest["budget_yuan"]
        least, skips = max(self.manifest["min_votes"], 1), self.manifest["is_skipping"]
        if self.manifest["kind"] == "ranked":
            most = self.manifest["max_choices"] or self.options
            sums = [0] * self.options
            for paper, times in papers.items():
                for option, place in enumerate(paper):
                    sums[option] += times * (most - place + 1) if place else 0
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
            funded == detail["greedy"]["funded"], "Counted again, other projects get the money."
        )
        for rule, found in detail.get("shares", {}).items():
            part = Fraction(*found["voter_budget"])
            bought = equal_shares(papers, costs, budget, part)
            spent = sum(costs[option] for option in bought)
            self.need(
                bought == found["funded"] and spent <= budget,
                f"Counted again by equal shares ({rule}), other projects get the money.",
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

    def receipt(self, typed: str) -> None:
        """Look for somebody's envelope by the code or the digest on their receipt."""
        code = "".join(c for c in typed.upper() if c.isalnum() and c.isascii())
        code = code.translate(str.maketrans("OIL", "011"))
        digest = typed.strip().lower()
        if len(code) == 16 and set(code) <= set(LETTERS):
            digest = f"{sum(LETTERS.index(c) << 5 * i for i, c in enumerate(code[::-1])):020x}"
        known = self.files.get("urn", [])
        self.need(
            len(digest) in (20, 64) and any(one.startswith(digest) for one in known),
            "Your receipt is not among the envelopes of this vote.",
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
        """Check that the record begins with what a printed slip says."""
        size, _, root = typed.strip().partition(":")
        leaves = [entry["leaf"] for entry in self.files["record"]]
        holds = size.isdigit() and int(size) <= len(leaves)
        self.need(
            holds and tree_root(leaves[: int(size)]) == root.lower(),
            "The record no longer contains what the printed slip says.",
        )

    def document(self, path: str) -> None:
        """Check that a document is in the record."""
        with open(path, "rb") as file:
            digest = sha(file.read())
        texts = (json.loads(entry["text"]) for entry in self.files["record"])
        self.need(
            any(facts["file_sha256"] == digest for facts in texts),
            "This document is not in the record.",
        )


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


def equal_shares(papers: Papers, costs: Sequence[int], budget: int, part: Fraction) -> List[int]:
    """Buy by equal shares, each voter having this part: the smallest share of the cost first."""
    groups = [(paper, times) for paper, times in papers.items()]
    money = [part] * len(groups)
    behind = [[g for g, (paper, _) in enumerate(groups) if paper[o]] for o in range(len(costs))]
    counts = [sum(groups[g][1] for g in group) for group in behind]
    open_ = [o for o in range(len(costs)) if counts[o] and costs[o] <= budget]
    bought = [o for o in open_ if not costs[o]]
    open_ = [o for o in open_ if costs[o]]
    while True:
        best = None
        for option in open_:
            group = sorted(behind[option], key=lambda g: money[g])
            owed, payers = Fraction(costs[option]), counts[option]
            for g in group:
                if money[g] * payers >= owed:
                    rank = (owed / payers / costs[option], -counts[option], costs[option], option)
                    if best is None or rank < best[0]:
                        best = (rank, owed / payers)
                    break
                owed -= money[g] * groups[g][1]
                payers -= groups[g][1]
        if best is None:
            return bought
        option, price = best[0][3], best[1]
        for g in behind[option]:
            money[g] -= min(price, money[g])
        bought.append(option)
        open_.remove(option)


def main(arguments: Optional[List[str]] = None) -> int:
    """Check an archive; return 0 if everything holds."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("archive")
    for name in ("receipt", "opening", "checkpoint", "key", "document"):
        parser.add_argument(f"--{name}")
    asked = parser.parse_args(arguments)
    try:
        check = Check(read(asked.archive))
        check.record()
        check.people()
        check.count(check.papers())
        check.outcome()
        if asked.key:
            known = check.files["about"]["keys"]
            check.need(asked.key.lower() in known, "The house signed with another key than yours.")
        for given, deed in (
            (asked.receipt, check.receipt),
            (asked.opening, check.opening),
            (asked.checkpoint, check.printed),
            (asked.document, check.document),
        ):
            if given:
                deed(given)
        faults = check.faults
    except Wrong as wrong:
        faults = [str(wrong)]
    except (KeyError, TypeError, ValueError, AttributeError, IndexError, ZeroDivisionError) as odd:
        faults = [f"The archive is not made as archives are: {type(odd).__name__} {odd}."]
    for fault in faults:
        print("FAULT:", fault)
    if not faults:
        print("Everything holds:", check.manifest["question"], "→", check.counting["outcome"])
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
