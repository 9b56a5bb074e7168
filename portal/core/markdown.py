"""Markdown to safe HTML: what authors may write, and nothing that a browser would run."""

import nh3
from markdown_it import MarkdownIt
from markupsafe import Markup

_READER = MarkdownIt("commonmark", {"html": False, "linkify": False}).enable(
    ["table", "strikethrough"]
)
_TAGS = {
    "p", "br", "hr", "em", "strong", "s", "blockquote", "ul", "ol", "li", "h3", "h4", "h5", "h6",
    "table", "thead", "tbody", "tr", "th", "td", "a", "code", "pre",
}  # fmt: skip


def render(text: str) -> Markup:
    """Return safe HTML; headings begin below the chapter's own, tables can be scrolled."""
    html = _READER.render(text)
    for level in (4, 3, 2, 1):
        lower = min(level + 2, 6)
        html = html.replace(f"<h{level}>", f"<h{lower}>").replace(f"</h{level}>", f"</h{lower}>")
    clean = nh3.clean(
        html,
        tags=_TAGS,
        attributes={"a": {"href"}},
        url_schemes={"http", "https", "mailto", "tel"},
        link_rel="noopener noreferrer nofollow",
    )
    clean = clean.replace("<table>", '<div class="scroll" tabindex="0"><table class="sheet">')
    return Markup(clean.replace("</table>", "</table></div>"))  # noqa: S704 -- cleaned above
