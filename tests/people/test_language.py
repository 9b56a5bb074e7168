"""The language chosen at the top of a page is also the one in which a person is told things."""

from portal.core.db import db
from portal.people.models import Account


def test_who_is_signed_in_is_told_in_the_language_chosen(cast, browse):
    vera = browse(cast.vera)
    assert db.session.get_one(Account, cast.vera.account_id).language == "zh_Hans"
    vera.post("/preferences", data={"language": "en"})
    db.session.rollback()  # look anew
    assert db.session.get_one(Account, cast.vera.account_id).language == "en"
    assert db.session.get_one(Account, cast.max.account_id).language == "zh_Hans"


def test_a_language_that_we_do_not_speak_and_other_wishes_change_nothing(cast, browse):
    vera = browse(cast.vera)
    vera.post("/preferences", data={"language": "tlh"})
    vera.post("/preferences", data={"mode": "elder"})
    db.session.rollback()  # look anew
    assert db.session.get_one(Account, cast.vera.account_id).language == "zh_Hans"
