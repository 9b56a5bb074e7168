"""Words that became deeds elsewhere, put into every column that holds words of people.

A column holds words where the demonstration's are Chinese; those of machines (keys, codes, digests)
stay as they are. Each wish, were it granted, would say so by `window.__xss`.
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
AS_IT_IS = {"group.name"}
MARKUP = re.compile(r"^\s*<\w")


def payloads() -> list[str]:
    """Return ours, and those of the list of naughty strings where it was fetched (`make storm`)."""
    fetched = os.environ.get("NAUGHTY")
    more = json.loads(Path(fetched).read_text()) if fetched else []
    return PAYLOADS + [words for words in more if "<" in words or "script" in words.lower()]


def sow() -> set[str]:
    """Put naughty words where words of people are; return the columns that got some."""
    wishes, sown = cycle(payloads()), set()
    with all_villages("naughty words are put into both villages"):
        _open_append_only()
        for table in Base.metadata.sorted_tables:
            key = list(table.primary_key.columns)
            fitting = [
                column
                for column in table.columns
                if isinstance(column.type, String | JSON) and not isinstance(column.type, Enum)
            ]
            for row in db.session.execute(select(table)).mappings().all():
                fresh = {}
                for column in fitting:
                    before = row[column.name]
                    after = _naughty(before, wishes, getattr(column.type, "length", None))
                    if after != before:
                        fresh[column.name] = after
                        sown.add(f"{table.name}.{column.name}")
                if fresh:
                    same = [part == row[part.name] for part in key]
                    with suppress(IntegrityError), db.session.begin_nested():  # a key of machines
                        db.session.execute(update(table).where(*same).values(fresh))
    return sown


def _naughty(value, wishes, length):
    """Return the value with naughty words in the place of Chinese ones."""
    if isinstance(value, dict):
        return {key: _naughty(part, wishes, length) for key, part in value.items()}
    if isinstance(value, list):
        return [_naughty(part, wishes, length) for part in value]
    if isinstance(value, str) and value[:1] in ("{", "["):
        with suppress(ValueError):
            return json.dumps(_naughty(json.loads(value), wishes, None), ensure_ascii=False)
    if not isinstance(value, str) or not CHINESE.search(value) or MARKUP.match(value):
        return value
    words = next(wishes)
    if length is None or len(words) <= length:
        return words
    return next((short for short in SHORT if len(short) <= length), value)
