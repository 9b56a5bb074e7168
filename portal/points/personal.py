"""What the points ledger says of somebody. All of it stays: no book is changed afterwards."""

from flask_babel import lazy_gettext as _l

from portal.core.personal import Fact, Keeper, Pile, of_resident
from portal.points.models import PointsAccount, PointsItem, PointsTransfer

KEEPER = Keeper(
    "points",
    _l("Points"),
    (
        Pile(
            PointsAccount,
            _l("The points of my household"),
            (Fact("balance", _l("Points"), PointsAccount.balance),),
            lambda person: (
                None
                if person.household_id is None
                else PointsAccount.household_id == person.household_id
            ),
        ),
        Pile(
            PointsTransfer,
            _l("Points for what I did"),
            (
                Fact("done_on", _l("Day"), PointsTransfer.done_on),
                Fact("item", _l("What"), PointsItem.name),
                Fact("points", _l("Points"), PointsTransfer.points),
                Fact("reason", _l("Reason"), PointsTransfer.reason),
                Fact("posted_at", _l("Entered on"), PointsTransfer.posted_at),
            ),
            of_resident(PointsTransfer.resident_id),
            joined=((PointsItem, PointsItem.id == PointsTransfer.item_id),),
        ),
        Pile(
            PointsTransfer,
            _l("Points that I entered for others, as the committee"),
            (
                Fact("posted_at", _l("Entered on"), PointsTransfer.posted_at),
                Fact("item", _l("What"), PointsItem.name),
                Fact("points", _l("Points"), PointsTransfer.points),
            ),
            lambda person: PointsTransfer.posted_by_id == person.account_id,
            joined=((PointsItem, PointsItem.id == PointsTransfer.item_id),),
            key="entered",
        ),
    ),
    untold={
        "points_transfer.household_id": "the household the person was of, told as its points",
    },
)
