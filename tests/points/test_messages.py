"""The household hears what it got and what was taken back; other households do not."""

from portal.core.db import transaction
from portal.points import service

from .conftest import NOW


def test_the_household_hears_of_an_award_and_its_reversal(cast, lin, give, wish, told, at):
    with transaction():
        number = give(wish("explain", times=2))
        points = service.get_award(number).points
    heard = told(NOW)
    assert [(name, path) for name, _, path in heard] == [("vera", at("/points/"))]
    assert str(points) in heard[0][1]
    with transaction():
        service.reverse(
            number,
            reason="登记错人",
            key="k" * 16,
            account_id=lin.account_id,
            own_household_id=None,
            now=NOW,
        )
    heard = told(NOW)
    assert [name for name, _, _ in heard] == ["vera"]
    assert "登记错人" in heard[0][1]


def test_an_award_sent_twice_is_told_once(cast, give, wish, told):
    asked = wish()
    for _ in range(2):
        with transaction():
            give(asked)
    assert len(told(NOW)) == 1
