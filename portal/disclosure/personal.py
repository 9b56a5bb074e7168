"""What is kept of those who publish documents."""

from flask_babel import lazy_gettext as _l

from portal.core.personal import Fact, Keeper, Pile
from portal.disclosure.models import DisclosureDoc

KEEPER = Keeper(
    "disclosure",
    _l("Published documents"),
    (
        Pile(
            DisclosureDoc,
            _l("Documents that I published"),
            (
                Fact("title", _l("Title"), DisclosureDoc.title),
                Fact("published_at", _l("When"), DisclosureDoc.published_at),
            ),
            lambda person: DisclosureDoc.published_by == person.account_id,
        ),
    ),
)
