"""An item of the catalogue, for one period: written by the committee, filled up by the portal."""

from portal.disclosure import gathering_affairs, pdf_affairs
from portal.disclosure.contents import Affairs
from portal.disclosure.kind import Kind
from portal.disclosure.rules import DocKind

KIND = Kind(
    code=DocKind.AFFAIRS,
    content=Affairs,
    why_not=gathering_affairs.why_not_affairs,
    gather=gathering_affairs.gather_affairs,
    title=pdf_affairs.title_of,
    blocks=pdf_affairs.blocks_of,
    is_written=True,
)
