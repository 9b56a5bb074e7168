"""How far somebody has read: kept for their own badge, told to nobody else. Never commits."""

from portal.core.db import db, insert_or
from portal.core.scope import require_village
from portal.rooms.models import RoomPointer
from portal.rooms.service import get_room


def move_pointer(room_id: int, account_id: int, seq: int) -> None:
    """Keep that this account has read up to this message; a pointer never goes back.

    Raises NoResultFound for a room of another village.
    """
    seq = max(0, min(seq, get_room(room_id).last_seq))
    put = insert_or(RoomPointer).values(
        village_id=require_village(), room_id=room_id, account_id=account_id, seq=seq
    )
    db.session.execute(
        put.on_conflict_do_update(
            index_elements=["room_id", "account_id"],
            set_={"seq": put.excluded.seq},
            where=RoomPointer.seq < put.excluded.seq,
        )
    )
