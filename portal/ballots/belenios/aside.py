"""A trustee's part of the opening, made beside the pages: the letters stay in this process.

The tool checks every ballot before it gives a part, which takes longer than anybody waits for a
page. No queue, file or table holds the letters: they are in the memory of the process that was
asked. If it ends before the part is made, the trustee types them again.
"""

from concurrent.futures import Future, ThreadPoolExecutor
from datetime import datetime

from flask import Flask

from portal.ballots.belenios import opening
from portal.ballots.belenios.rules import Seat
from portal.core import clock
from portal.core.db import db, transaction
from portal.core.errors import Refused
from portal.core.scope import require_village, village_scope

ONE_AT_A_TIME = ThreadPoolExecutor(1, thread_name_prefix="trustee")


def begin(
    app: Flask, ballot_id: int, seat: Seat, *, secret: str, account_id: int, now: datetime
) -> Future[None]:
    """Check the letters at once, and have the part made with them; or raise Refused."""
    opening.check_letters(ballot_id, seat, secret=secret, account_id=account_id)
    db.session.rollback()
    with transaction():
        opening.claim(ballot_id, seat, now=now)
    village_id = require_village()
    return ONE_AT_A_TIME.submit(_make, app, village_id, ballot_id, seat, secret, account_id)


def _make(
    app: Flask, village_id: int, ballot_id: int, seat: Seat, secret: str, account_id: int
) -> None:
    with app.app_context(), village_scope(village_id):
        try:
            part = opening.make_part(ballot_id, seat, secret=secret, account_id=account_id)
            db.session.rollback()
            with transaction():
                opening.keep_part(part, now=clock.now())
        except Refused as refused:
            app.logger.warning("a part of ballot %s was not made: %s", ballot_id, refused.reason)
        except Exception:
            app.logger.exception("a part of ballot %s was not made", ballot_id)
        finally:
            db.session.rollback()
            with transaction():
                opening.let_go(ballot_id)
