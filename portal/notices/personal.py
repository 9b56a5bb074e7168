"""What is kept of those who open notices and prove where they hang."""

from flask_babel import lazy_gettext as _l
from sqlalchemy import or_

from portal.core.personal import Fact, Keeper, Pile
from portal.notices.models import Notice, NoticeChannel, NoticePhoto, NoticeSpan
from portal.notices.words import CHANNELS, TYPES

KEEPER = Keeper(
    "notices",
    _l("Public notices"),
    (
        Pile(
            Notice,
            _l("Notices that I prepared, opened or declared void"),
            (Fact("type", _l("What"), Notice.type, TYPES), Fact("id", _l("Number"), Notice.id)),
            lambda person: or_(
                Notice.made_by == person.account_id,
                Notice.opened_by == person.account_id,
                Notice.voided_by == person.account_id,
                Notice.withdrawn_by == person.account_id,
            ),
        ),
        Pile(
            NoticeChannel,
            _l("Where I saw notices hang"),
            (
                Fact("kind", _l("What"), NoticeChannel.kind, CHANNELS),
                Fact("confirmed_at", _l("When"), NoticeChannel.confirmed_at),
            ),
            lambda person: NoticeChannel.confirmed_by == person.account_id,
        ),
        Pile(
            NoticePhoto,
            _l("Photos of notices that I took"),
            (Fact("kept_at", _l("When"), NoticePhoto.kept_at),),
            lambda person: NoticePhoto.kept_by == person.account_id,
        ),
        Pile(
            NoticeSpan,
            _l("Lengths of notices that I set"),
            (Fact("type", _l("What"), NoticeSpan.type, TYPES),),
            lambda person: NoticeSpan.set_by == person.account_id,
        ),
    ),
)
