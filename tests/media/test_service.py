"""Files are kept once, bound once, and gone when nothing needs them."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select, text

from portal.core import clock, jobs
from portal.core.db import db, transaction
from portal.core.errors import Refused
from portal.core.personal import Person, Wish
from portal.media import personal, receiving, rules, service
from portal.media.making import Made
from portal.media.models import MediaFile
from portal.media.rules import Kind, Refusal

MADE = Made(Kind.PHOTO, b"data", "0" * 64, thumb=b"thumb", width=4, height=3)


def keep(person, key, made=MADE, **facts):
    with transaction():
        return service.keep(
            made, key=key, resident_id=person.resident_id, now=clock.now(), **facts
        ).id


def attach(person, keys, owner_id=7, **facts):
    with transaction():
        service.attach(
            "test", owner_id, keys, resident_id=person.resident_id, now=clock.now(), **facts
        )


def count():
    return db.session.scalar(select(func.count()).select_from(MediaFile))


def test_a_photo_and_a_recording_are_kept_and_shown_in_order(cast, sent, photo, voice):
    sent(cast.vera, voice, key="the-voice", transcript="路太窄\n会车难")
    sent(cast.vera, photo, key="the-photo")
    attach(cast.vera, ["the-photo", "the-voice"])
    first, second = service.shown("test", [7, 8])[7]
    assert (first.kind, first.width, first.height, first.seconds) == ("photo", 400, 300, None)
    assert (second.kind, second.seconds, second.transcript) == ("voice", 2, "路太窄 会车难")
    assert service.shown("test", []) == service.shown("other", [7]) == {}


def test_the_same_key_keeps_one_file(cast, race):
    results = race(
        8,
        lambda _: (
            service.keep(
                MADE, key="key-00000001", resident_id=cast.vera.resident_id, now=clock.now()
            ).id
        ),
    )
    assert len(set(results)) == 1
    assert count() == 1


@pytest.mark.last_judge
@pytest.mark.parametrize("database", ["postgresql"])  # SQLite can drop no constraint
def test_without_its_key_a_file_would_be_kept_twice(cast, race, monkeypatch):
    with db.engine.begin() as connection:
        connection.execute(
            text("ALTER TABLE media_file DROP CONSTRAINT uq_media_file_resident_id_client_key")
        )

    def send(_):
        service.keep(MADE, key="key-00000001", resident_id=cast.vera.resident_id, now=clock.now())
        db.session.execute(select(func.pg_sleep(0.05)))

    race(4, send)
    assert count() == 4


def test_two_who_bind_one_file_at_once_bind_it_once(cast, race):
    keep(cast.vera, "key-00000001")
    results = race(
        6,
        lambda n: service.attach(
            "test",
            n + 1,
            ["key-00000001"],
            resident_id=cast.vera.resident_id,
            now=clock.now(),
        ),
    )
    refused = [str(one) for one in results if one is not None]
    assert refused == ["not-here"] * 5
    assert sum(map(len, service.shown("test", range(1, 7)).values())) == 1


def test_nobody_binds_what_another_sent(cast):
    keep(cast.vera, "key-00000001")
    for person, keys, reason in (
        (cast.wang, ["key-00000001"], Refusal.NOT_HERE),
        (cast.vera, ["key-00000002"], Refusal.NOT_HERE),
        (cast.vera, [f"key-0000000{n}" for n in range(7)], Refusal.TOO_MANY_FILES),
    ):
        with pytest.raises(Refused) as refused:
            attach(person, keys)
        assert refused.value.reason is reason
    assert service.shown("test", [7]) == {}
    attach(cast.vera, ["key-00000001", "key-00000001"])
    with pytest.raises(Refused, match="not-here"):
        attach(cast.vera, ["key-00000001"], 8)
    assert len(service.shown("test", [7])[7]) == 1


def test_words_that_were_masked_meanwhile_stay_masked(cast):
    made = Made(Kind.VOICE, b"data", "0" * 64, seconds=3)
    keep(cast.vera, "key-voice-1", made, transcript="一")
    keep(cast.vera, "key-photo-1")
    keep(cast.vera, "key-voice-2", made, transcript="二")
    keys = ["key-voice-1", "key-photo-1", "key-voice-2"]
    attach(cast.vera, keys, transcripts=["*", "二"])
    assert [f.transcript for f in service.shown("test", [7])[7]] == ["*", "", "二"]


def test_whoever_sent_very_many_waits_until_tomorrow(cast, photo, voice, sent, monkeypatch):
    object.__setattr__(receiving.UPLOADS, "count", 1)
    try:
        sent(cast.vera, photo, key="key-00000001")
        with pytest.raises(Refused, match="too-many-today"):
            sent(cast.vera, voice)
        sent(cast.vera, photo, key="key-00000001")  # sent again, not sent anew
        sent(cast.wang, photo)
        sent(cast.vera, voice, now=clock.now() + timedelta(days=1))
    finally:
        object.__setattr__(receiving.UPLOADS, "count", rules.FILES_A_DAY)


def test_what_was_never_bound_is_swept_away(app, cast, village):
    keep(cast.vera, "key-00000001")
    keep(cast.vera, "key-00000002")
    attach(cast.vera, ["key-00000002"])
    soon, later = clock.now() + timedelta(days=1), clock.now() + timedelta(days=3)
    db.session.rollback()
    assert jobs.run_chores(app, (service.sweep,), now=soon) == {"portal.media.service.sweep": 0}
    assert jobs.run_chores(app, (service.sweep,), now=later) == {"portal.media.service.sweep": 1}
    assert [f.client_key for f in db.session.scalars(select(MediaFile))] == ["key-00000002"]


@pytest.mark.parametrize(("takes_back", "left"), [(False, ["b"]), (True, [])])
def test_whoever_is_forgotten(cast, takes_back, left):
    keep(cast.vera, "key-aaaaaaaa")
    keep(cast.vera, "key-bbbbbbbb")
    keep(cast.wang, "key-cccccccc")
    attach(cast.vera, ["key-bbbbbbbb"])
    person = Person(
        account_id=cast.vera.id,
        village_id=cast.vera.village_id,
        resident_id=cast.vera.resident_id,
        household_id=None,
        group_id=None,
        phone=None,
    )
    wish = Wish(takes_words_back=takes_back, clears_roster=False)
    with transaction():
        personal.forget(person, wish, now=clock.now())
    kept = sorted(f.client_key[-1] for f in db.session.scalars(select(MediaFile)))
    assert kept == [*left, "c"]
