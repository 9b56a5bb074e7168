"""Parts of pages that look the same to many readers: rendered once, then kept by each process."""

from collections.abc import Callable, Hashable

from flask import current_app, g, request
from markupsafe import Markup

LIMIT = 2000

Kept = dict[tuple[Hashable, ...], Markup]


def kept(*key: Hashable, caller: Callable[[], Markup]) -> Markup:
    """Return the text of a block, rendered once for each key and language.

    In a template: `{% call kept("tabs", village.code, tab) %}…{% endcall %}`. The key must name
    everything the block depends on, and nothing of a reader's own may stand in the block. What a
    key names never changes under it: a new version of a plan, for one, has a new digest.
    """
    store: Kept = current_app.extensions.setdefault("kept", {})
    full_key = (g.look.language if "look" in g else "", request.script_root, *key)
    text = store.get(full_key)
    if text is None:
        if len(store) >= LIMIT:  # many addresses, asked for once: begin anew
            store.clear()
        text = store[full_key] = caller()
    return text
