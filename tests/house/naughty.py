"""Words that became deeds elsewhere, put into every column that holds words of people.

What people write is replaced whatever it says, and all that is Chinese; what machines write (keys,
codes, digests) stays as it is. Each wish, were it granted, would say so by `window.__xss`.
"""

import json
import os
import re
from contextlib import suppress
from itertools import cycle
from pathlib import Path

from sqlalchemy import JSON, Enum, String, select, update
from sqlalchemy.exc import IntegrityError

from portal.core.db import Base, db
from portal.core.scope import all_villages
from tests.house.canaries import _open_append_only

MARK = "__xss"
DEED = f"window.{MARK}=1"
PAYLOADS = [
    f"<script>{DEED}</script>",
    f"<img src=x onerror={DEED}>",
    f"'\"><svg/onload={DEED}>",
    f"javascript:{DEED}//",
    f"</textarea></title></style></script><script>{DEED}</script>",
    f"<a href=javascript:{DEED} autofocus onfocus={DEED}>村",
    f"<iframe srcdoc='<script>parent.{MARK}=1</script>'></iframe>",
    f"{{{{7*7}}}}${{{DEED}}}<%={DEED}%>",
    f'" onmouseover={DEED} autofocus onfocus={DEED} x="',
    f"<details open ontoggle={DEED}>",
    f"<math><mi xlink:href=javascript:{DEED}>",
    f"--><script>{DEED}</script><!--",
    f"]]><script>{DEED}</script>",
    f"[村](javascript:{DEED}) <javascript:{DEED}>",
    f"data:text/html,<script>{DEED}</script>",
    # in Chinese: full width, right to left, of no width, of four bytes, rare
    f"＜script＞{DEED}＜／script＞<script>{DEED}</script>全角",
    f"\u202e<img src=x onerror={DEED}>\u202c从右到左",
    f"<scr\u200bipt>{DEED}</scr\u200bipt><script\u200d>{DEED}</script>零宽",
    f"𠮷𡘙😀<img src=x onerror={DEED}>𪚥",
    f"《村》<script>{DEED}</script>“规划”‘’、。",
]
SHORT = ["<b onclick=1>", "'\"><i>", "<s>", "\"'", "<"]
CHINESE = re.compile("[\u4e00-\u9fff]")
OF_MACHINES = re.compile(
    r".*(sha256|digest|key|kind|code|_set|phone|receipt|log)"
    r"|about|anchor|asked|auth|codes|compared|credential_id|detail|endpoint|fault"
    r"|fingerprint|handler|id_last4|language|number|origin|p256dh|pair|part|path|period|phase"
    r"|provider|ref|role|root|salt|sealed|second_contact|secret|seen|signature|signer|stamp|target"
    r"|uuid|version|year"
)
"""Names of columns in which nobody writes: keys, codes, digests, addresses of the house itself."""
ALSO_OF_MACHINES = {
    "access_log.what",
    "belenios_ballot.content",
    "belenios_credentials.content",
    "belenios_piece.content",
    "disclosure_office.email",
    "moderation_month.content",
    "moderation_sanction.place",
    "notice_reminder.what",
    "plan_control_rule.subject",
    "screening_policy.place",
    "survey_answer.question",
    "survey_answer.value",
}
MARKUP = re.compile(r"^\s*<\w")


def payloads() -> list[str]:
    """Return ours, and those of the list of naughty strings where it was fetched (`make storm`)."""
    fetched = os.environ.get("NAUGHTY")
    more = json.loads(Path(fetched).read_text()) if fetched else []
    return PAYLOADS + [words for words in more if "<" in words or "script" in words.lower()]


def packed(longest: int) -> list[str]:
    """Return our payloads in as few texts of at most this length as they fit into."""
    texts = [""]
    for words in PAYLOADS:
        if len(texts[-1]) + 1 + len(words) > longest:
            texts.append("")
        texts[-1] = f"{texts[-1]}\n{words}".strip()
    return texts


def words_of_people() -> set[str]:
    """Return every column that is text and no machine's: what people write stands in it."""
    return {
        f"{table.name}.{column.name}"
        for table in Base.metadata.sorted_tables
        for column in table.columns
        if isinstance(column.type, String) and not isinstance(column.type, Enum)
        if not OF_MACHINES.fullmatch(column.name)
        if f"{table.name}.{column.name}" not in ALSO_OF_MACHINES
    }


def sow() -> set[str]:
    """Put naughty words where words of people are; return the columns that got some."""
    wishes, sown, words = cycle(payloads()), set(), words_of_people()
    with all_villages("naughty words are put into both villages"):
        _open_append_only()
        for table in Base.metadata.sorted_tables:
            fitting = [
                column
                for column in table.columns
                if isinstance(column.type, String | JSON) and not isinstance(column.type, Enum)
            ]
            for row in db.session.execute(select(table)).mappings().all():
                fresh = {}
                for column in fitting:
                    is_said = f"{table.name}.{column.name}" in words
                    before, length = row[column.name], getattr(column.type, "length", None)
                    after = _naughty(before, wishes, length, is_said=is_said)
                    if after != before:
                        fresh[column] = after
                if not _write(table, row, fresh):  # a key of machines, or a rule: one by one
                    fresh = {c: a for c, a in fresh.items() if _write(table, row, {c: a})}
                sown |= {f"{table.name}.{column.name}" for column in fresh}
    return sown


def _write(table, row, fresh) -> bool:
    """Put words into a row, or tell that the database does not take them there."""
    if not fresh:
        return True
    same = [part == row[part.name] for part in table.primary_key.columns]
    try:
        with db.session.begin_nested():
            db.session.execute(update(table).where(*same).values(fresh))
    except IntegrityError:
        return False
    return True


def _naughty(value, wishes, length, *, is_said=False):
    """Return the value with naughty words in the place of Chinese ones, or of all that is said."""
    if isinstance(value, dict):
        return {key: _naughty(part, wishes, length) for key, part in value.items()}
    if isinstance(value, list):
        return [_naughty(part, wishes, length) for part in value]
    if isinstance(value, str) and value[:1] in ("{", "["):
        with suppress(ValueError):
            return json.dumps(_naughty(json.loads(value), wishes, None), ensure_ascii=False)
    if not isinstance(value, str) or MARKUP.match(value):
        return value
    if not (value and is_said) and not CHINESE.search(value):
        return value
    words = next(wishes)
    if length is None or len(words) <= length:
        return words
    return next((short for short in SHORT if len(short) <= length), value)
