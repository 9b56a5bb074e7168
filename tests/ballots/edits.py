"""Named edits of archives: what somebody would try so that a false one still seems to hold."""

import hashlib
import io
import json
import zipfile
from collections.abc import Callable, Iterator
from copy import deepcopy
from typing import Any

from portal.ballots import archive, asking, verify_poll

from .forging import forge, seal

Files = dict[str, Any]
Edit = Callable[[Files], Any]
PDF = b"a forged document"


def put(*path: Any, by: Any) -> Edit:
    """Return an edit of one place: by what a function makes of it, else into another value."""

    def _edit(files: Any) -> None:
        for key in path[:-1]:
            files = files[key]
        files[path[-1]] = by(files[path[-1]]) if callable(by) else by

    return _edit


def also(value: Any) -> Callable[[Any], Any]:
    """Return what adds something to a list or an object."""
    return lambda old: old | value if isinstance(old, dict) else [*old, value]


def append_entry(files: Files) -> None:
    """Chain a line to the record that nobody has signed: it speaks of a forged document."""
    last = files["record"][-1]
    digest = hashlib.sha256(PDF).hexdigest()
    facts = json.loads(last["text"])
    facts |= {"number": facts["number"] + 1, "previous_sha256": last["leaf"], "kind": "disclosure"}
    text = asking.canonical(facts | {"content_sha256": digest, "file_sha256": digest}).decode()
    leaf = hashlib.sha256(b"\0" + text.encode()).hexdigest()
    files["record"].append({"text": text, "leaf": leaf})


def without(*names: str) -> Edit:
    """Return an edit that takes ways of counting away."""
    return put(
        "counting",
        "detail",
        by=lambda old: {key: its for key, its in old.items() if key not in names},
    )


def first_key(value: Any) -> Any:
    return value[0]


def another(value: int | None) -> int:
    return 0 if value else 1


def backwards(value: list) -> list:
    return value[::-1]


def one_backwards(papers: list[list]) -> list[list]:
    """Turn the choices of the first paper round that reads otherwise then."""
    at = next(n for n, paper in enumerate(papers) if paper[1] != paper[1][::-1])
    turned = [papers[at][0], papers[at][1][::-1], *papers[at][2:]]
    return [*papers[:at], turned, *papers[at + 1 :]]


def upper(value: list) -> list:
    return [one.upper() for one in value]


def blank(value: str) -> str:
    return f"{value[:2]} {value[2:]}"


NAMED_AS_MADE: list[tuple[str, Edit]] = [
    ("extra key in about", put("about", by=also({"result": "否决"}))),
    ("extra key in a line", put("record", 0, by=also({"note": "x"}))),
    ("extra key in a checkpoint", put("checkpoints", 0, by=also({"printed": "x"}))),
    ("extra key in the count", put("counting", by=also({"result": "否决"}))),
    ("signature in capitals", put("checkpoints", 0, "signature", by=str.upper)),
    ("signature with blanks", put("checkpoints", 0, "signature", by=blank)),
    ("last checkpoint dropped", put("checkpoints", by=lambda old: old[:-1])),
    ("all checkpoints dropped", put("checkpoints", by=[])),
    ("size as a fraction", put("checkpoints", 0, "size", by=float)),
    ("size as a truth", put("checkpoints", 0, "size", by=lambda _old: True)),
    ("size below nothing", put("checkpoints", 0, "size", by=-1)),
    ("size nothing", put("checkpoints", by=lambda old: [old[-1] | {"size": 0}, *old])),
    ("roster backwards", put("roster", by=backwards)),
    ("roster as text", put("roster", by=lambda old: [" ".join(one) for one in old])),
    ("voted backwards", put("voted", by=backwards)),
    ("voted as an object", put("voted", by=lambda old: dict.fromkeys(old, 1))),
    ("voted twice", put("voted", by=lambda old: [*old, old[-1]])),
    ("papers backwards", put("papers", by=backwards)),
    ("an entry that nobody signed", append_entry),
    ("record empty", put("record", by=[])),
    ("record null", put("record", by=lambda _old: None)),
    ("record as an object", put("record", by={})),
    ("entry no JSON", put("record", 0, "text", by="x")),
    ("entry too deep", put("record", 0, "text", by="[" * 100_000)),
    ("leaf no digest", put("record", 0, "leaf", by="zz")),
    ("manifest as a list", put("manifest", by=[])),
    ("manifest as a number", put("manifest", by=5)),
    ("nothing to choose", put("manifest", "options", by=[])),
    ("valid as a fraction", put("counting", "valid", by=float)),
    ("valid without end", put("counting", "valid", by=float("inf"))),
    ("form as a fraction", put("about", "form", by=float)),
    ("form no number", put("about", "form", by=float("nan"))),
    ("named as secret", lambda files: files.update(urn=[], urn_checkpoints=[]) or files.pop("papers")),
]  # fmt: skip
"""Found whoever signs them: nothing is made otherwise than the portal makes it."""

SECRET_AS_MADE: list[tuple[str, Edit]] = [
    ("urn in capitals", put("urn", by=upper)),
    ("urn with blanks", put("urn", by=lambda old: list(map(blank, old)))),
    ("urn backwards", put("urn", by=backwards)),
    ("urn without checkpoints", put("urn_checkpoints", by=[])),
    ("secret as named", lambda files: files.update(papers=[]) or (files.pop("urn"), files.pop("urn_checkpoints"))),
]  # fmt: skip

UNSIGNED: list[tuple[str, Edit]] = [
    ("another number", put("about", "ballot", by=999)),
    ("a key of nobody", put("about", "keys", by=also("0" * 64))),
    ("the key twice", put("about", "keys", by=lambda old: old + old)),
    ("the key as text", put("about", "keys", by=first_key)),
    ("no key", put("about", "keys", by=[])),
    ("about null", put("about", by=lambda _old: None)),
    ("earlier checkpoints dropped", put("checkpoints", by=lambda old: old[-1:])),
    ("all but the first dropped", put("checkpoints", by=lambda old: old[:1])),
    ("about signed in capitals", put("about", "signature", by=str.upper)),
    *((name, edit) for name, edit in NAMED_AS_MADE),
]
"""Found as long as the house does not sign them anew."""

FALSEHOODS: list[tuple[str, Edit]] = [
    ("void", put("counting", "outcome", by="void")),
    ("no ways", without("greedy", "shares", "compared", "represented")),
    ("greedy and shares dropped", without("greedy", "shares")),
    ("shares dropped", without("shares", "compared")),
    ("nobody represented", put("counting", "detail", "represented", by={})),
    ("one way represented", put("counting", "detail", "represented", by=lambda old: {"greedy": old["greedy"]})),
    ("another comparison", put("counting", "detail", "compared", by=lambda old: {way: {"x": 1} for way in old})),
    ("nobody compared", put("counting", "detail", "compared", by={})),
    ("a way of its own", put("counting", "detail", by=also({"forged": {"winner": 1}}))),
    ("run-off of a vote without", put("counting", "detail", by=also({"runoff": {}}))),
    ("spent", put("counting", "detail", "greedy", "spent", by=1)),
    ("a turn", put("counting", "detail", "greedy", "turns", 0, "score", by=0)),
    ("the edge", put("counting", "detail", "greedy", "edge", by=[0])),
    ("money for one yuan each", put("counting", "detail", "shares", "until-overspend", by=also({"voter_budget": [1, 1], "funded": []}))),
    ("raises", put("counting", "detail", "shares", "until-overspend", "raises", by=lambda old: old + 1)),
    ("with any", put("counting", "detail", "represented", "greedy", "with_any", by=0)),
    ("channels below nothing", put("closing", "turnout", by=lambda old: {"self": -10, "paper": sum(old.values()) + 10})),
    ("a channel of its own", put("closing", "turnout", by=lambda old: {"post": sum(old.values())})),
    ("closed before it opened", put("closing", "closed_at", by="2020-01-01T00:00:00.000000+00:00")),
    ("closed early by nobody", lambda files: put("closing", "closed_at", by=files["manifest"]["opened_at"])(files)),
    ("no steps", put("counting", "steps", by=[])),
    ("not announced", put("counting", "steps", by=lambda old: [one for one in old if one["step"] != "announced"])),
    ("opened twice", put("counting", "steps", by=lambda old: [*old[:3], old[2], *old[3:]])),
    ("announced at another time", put("counting", "steps", 1, "done_at", by=lambda _old: "2026-01-01T00:00:00.000000+00:00")),
    ("resumed only", put("counting", "steps", by=lambda old: [*old[:3], old[2] | {"step": "resumed"}, *old[3:]])),
    ("steps of its own", put("counting", "steps", 0, by=also({"step": "blessed"}))),
    ("nobody was there", put("counting", "attendees", by=0)),
]  # fmt: skip
"""Signed by the house: found by counting again, and by comparing with what must be so."""

OF_RANKS: list[tuple[str, Edit]] = [
    ("not every way", lambda files: files["counting"]["detail"]["runoff"].update(is_every_way_followed=False, winners=[3])),
    ("rounds", put("counting", "detail", "runoff", "rounds", 0, "exhausted", by=lambda old: old + 1)),
    ("winner", put("counting", "detail", "runoff", "winner", by=another)),
    ("tiers", put("counting", "detail", "pairwise", "tiers", by=[[3], [2], [1], [0]])),
    ("circle", put("counting", "detail", "pairwise", "circle", by=[0])),
    ("first of the pairs", put("counting", "detail", "pairwise", "winner", by=another)),
]  # fmt: skip

OF_A_SECRET_BUDGET: list[tuple[str, Edit]] = [
    ("other projects", put("counting", "detail", "greedy", "funded", by=backwards)),
    ("shares dropped", without("shares", "compared")),
    ("more money", put("counting", "detail", "shares", "until-overspend", "spent", by=10**6)),
    ("more voters", put("counting", "detail", "represented", "greedy", "voters", by=99)),
    ("a sum", put("counting", "sums", 0, by=lambda old: old + 1)),
]


BATCH = {"station": "祠堂", "papers": 2, "invalid": 1, "counts": [], "sheet_sha256": "0" * 64}

SAID: list[tuple[str, str, Edit]] = [
    ("was changed", "sealed", put("record", 0, "leaf", by="0" * 64)),
    ("does not follow", "sealed", put("record", by=backwards)),
    ("is not the one that was frozen", "sealed", put("roster", 0, 1, by="0" * 64)),
    ("are not those of the close", "sealed", put("papers", by=one_backwards)),
    ("in a wrong order", "approval", put("record", by=backwards)),
    ("stands under record", "approval", put("checkpoints", 0, "log", by="urn:1")),
    ("stands on the list twice", "approval", put("roster", by=lambda old: [old[0], *old])),
    ("has another length", "approval", put("manifest", "electors", by=lambda old: old + 1)),
    ("somebody who is no elector", "approval", put("voted", by=lambda old: ["0" * 64, *old])),
    ("A household has voted twice", "approval", put("manifest", "unit", by="household")),
    ("do not add up to 2", "approval", put("counting", "paper_batches", by=[BATCH])),
    ("counted papers twice", "approval", put("counting", "paper_batches", by=[BATCH, BATCH])),
    ("counted by hand differ", "approval", put("counting", "batches", by=7)),
    ("Spoiled papers were left out", "approval", put("counting", "paper_batches", by=[BATCH])),
    ("paper was counted twice", "approval", put("papers", by=lambda old: [old[0], *old])),
    ("greater than all papers", "approval", put("counting", "sums", 0, by=99)),
    ("not as many as counted", "approval", put("counting", "valid", by=lambda old: old + 1)),
    ("inequalities come out otherwise", "approval", put("counting", "inequalities", by=["2 > 1"])),
    ("do not add up to the valid", "yes-no", put("counting", "sums", 0, by=lambda old: old + 1)),
    (
        "of other papers than the sums",
        "ranked",
        put("counting", "detail", "runoff", "valid", by=99),
    ),
    ("points are from others", "score", put("counting", "detail", "scores", "voters", 0, by=99)),
    ("in the urn twice", "secret", put("urn", by=lambda old: [*old, old[0]])),
]
"""What is said of each: by which check it is found."""


def as_secret(files: Files) -> None:
    """Make an open vote a secret one: its papers come into an urn."""
    del files["papers"]
    manifest, closing = files["manifest"], files["closing"]
    manifest |= {"secrecy": "sealed", "public_key": "0" * 64, "script_sha256": "0" * 64}
    announced = {k: v for k, v in manifest.items() if k not in verify_poll.AFTER_ANNOUNCED}
    manifest["content_sha256"] = asking.digest_of(announced)
    urn = [hashlib.sha256(one.encode()).hexdigest() for one in files["voted"]]
    leaves = [hashlib.sha256(b"\0" + bytes.fromhex(one)).hexdigest() for one in urn]
    del closing["papers_sha256"]
    closing |= {"urn_size": len(urn), "urn_root": verify_poll.tree_root(leaves)}
    about = files["checkpoints"][-1] | {"log": f"urn:{files['about']['ballot']}", "size": len(urn)}
    files |= {"urn": urn, "urn_checkpoints": [about]}


def edited(files: Files, edit: Edit, *, by_house: bool) -> bytes:
    """Return an archive with an edit, signed anew where the house itself made it."""
    changed = deepcopy(files)
    edit(changed)
    assert repr(changed) != repr(files), "the edit changes nothing"
    return archive.pack(seal(changed) if by_house else changed)


def forged(files: Files, edit: Edit) -> bytes:
    """Return an archive with an edit, whose chain and signatures fit it."""
    changed = forge(files, edit)
    assert changed != forge(files), "the edit changes nothing"
    return archive.pack(changed)


def packings(files: Files) -> Iterator[tuple[str, bytes]]:
    """Yield the same files, packed or written otherwise."""
    packed = archive.pack(files)
    yield "something before", b"#!/bin/sh\n" + packed
    yield "something behind", packed + b"x"
    yield "a comment", packed[:-2] + b"\x05\x00hello"
    yield "cut off", packed[:-30]
    texts = {f"{name}.json": asking.canonical(facts) for name, facts in files.items()}
    for name, method in (("deflated", 8), ("bzip2", 12), ("lzma", 14)):
        yield name, _zip(texts.items(), method)
    yield "another order", _zip([*texts.items()][::-1])
    yield "a file twice", _zip([*sorted(texts.items()), ("voted.json", texts["voted.json"])])
    for name in ("x/", "README", "extra.json", "../manifest.json"):
        yield f"with {name}", _zip([*sorted(texts.items()), (name, b"")])
    moved = {k: v for k, v in texts.items() if k != "manifest.json"}
    yield (
        "a file elsewhere",
        _zip(sorted((moved | {"./manifest.json": texts["manifest.json"]}).items())),
    )
    directory = packed.find(b"PK\x01\x02")
    for name, at, byte in (
        ("locked", 8, 1),
        ("odd method", 10, 99),
        ("said to be deflated", 10, 8),
    ):
        odd = bytearray(packed)
        odd[directory + at] |= byte
        yield name, bytes(odd)
    deflated = bytearray(_zip(sorted(texts.items()), 8))
    deflated[60:80] = b"\xff" * 20
    yield "broken", bytes(deflated)
    about = texts["about.json"]
    for name, text in (
        ("a key twice", b'{"ballot":1,' + about[1:]),
        ("a blank", about + b" "),
        ("too deep", b"[" * 200_000 + b"]" * 200_000),
        ("half a sign", b'{"ballot":1,"form":"\\ud800","keys":[]}'),
        ("a mark before", b"\xef\xbb\xbf" + about),
        ("two bytes each", about.decode().encode("utf-16-le")),
        ("a number without end", b'{"ballot":' + b"9" * 5000 + b"}"),
    ):
        yield name, _zip(sorted((texts | {"about.json": text}).items()))


def _zip(texts: Any, method: int = 0) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", method) as target:
        for name, text in texts:
            info = zipfile.ZipInfo(name)
            info.create_system = 3
            if name in target.namelist():
                info.extra = b""
            target.writestr(info, text, method)
    return made.getvalue()
