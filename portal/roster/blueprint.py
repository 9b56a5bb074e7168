"""What the view modules of the roster share."""

from flask_sqlalchemy.pagination import Pagination

from portal.core import pages
from portal.core.access import Part

bp = pages.village_blueprint("roster", __name__, "/desk")
KEEPERS = (Part.COMMITTEE, Part.ADMIN)


class Page(Pagination):
    """One page of a list that the service has cut already."""

    def _query_items(self) -> list[object]:
        return list(self._query_args["items"])

    def _query_count(self) -> int:
        return int(self._query_args["total"])


def page_of(items: list[object], total: int, *, page: int, per_page: int) -> Page:
    """Return a page for the pager of a list."""
    return Page(items=items, total=total, page=page, per_page=per_page, error_out=False)
