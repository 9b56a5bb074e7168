"""What somebody is told of requests that mean them: nothing of another who asked."""

from datetime import timedelta

from portal.assisting.models import Recognition
from portal.assisting.personal import KEEPER
from portal.assisting.vouching import RequestState
from portal.core import clock
from portal.core.db import db, transaction
from portal.core.personal import tell
from portal.privacy import erasing


def test_another_who_asked_to_be_me_is_masked(cast, village):
    now = clock.now()
    with transaction():
        for account_id, name in ((cast.otto.account_id, "Otto"), (None, "")):
            db.session.add(
                Recognition(
                    resident_id=cast.vera.resident_id,
                    account_id=account_id,
                    claimed_name=name,
                    claimed_place="somewhere",
                    note="is not Vera",
                    state=RequestState.REFUSED,
                    asked_at=now,
                    expires_at=now + timedelta(days=1),
                    ended_at=now,
                )
            )
    anothers, by_committee = tell(KEEPER, erasing.person_of(cast.vera.account_id))[0].rows
    assert anothers["claimed_name"] not in ("", "Otto")
    assert (anothers["claimed_place"], anothers["note"]) == ("", "")
    assert (by_committee["claimed_place"], by_committee["note"]) == ("somewhere", "is not Vera")
    own = tell(KEEPER, erasing.person_of(cast.otto.account_id))[0].rows[0]
    assert (own["claimed_name"], own["claimed_place"]) == ("Otto", "somewhere")
