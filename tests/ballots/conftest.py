"""A published plan with three projects, and ballots on it."""

from datetime import timedelta

import pytest

from portal.ballots import service
from portal.ballots.rules import Kind
from portal.core import clock
from portal.core.db import db, transaction
from portal.core.scope import village_scope
from portal.people import residents
from portal.plans import service as plans
from tests.ballots.polls import convene_for

PROJECTS = (
    ("P1", "溪口到石桥的村道拓宽", 320_000),
    ("P2", "老年活动中心", 480_000),
    ("P3", "污水管网二期", None),
)


def publish_plan(name="青溪村村庄规划", projects=PROJECTS, *, now=None):
    now = now or clock.now() - timedelta(days=60)
    version = plans.create_plan(name=name, base_year=2026, target_year=2035, now=now)
    rows = [{"code": c, "name": n, "cost_yuan": y} for c, n, y in projects]
    plans.add_projects(version.id, rows, now=now)
    return plans.publish_decided(version.id, now=now)


@pytest.fixture
def version(village):
    """A version that stands still, with three projects."""
    with transaction():
        version_id = publish_plan().id
    return plans.get_version(version_id)


@pytest.fixture
def make_ballot(cast, version):
    """Announce a ballot and open it, some hours ago; it closes some hours from now."""

    def make(
        kind=Kind.YES_NO,
        profile="consultative",
        *,
        opened=-1,
        closes=1,
        now=None,
        open=True,
        **facts,
    ):
        now = now or clock.now()
        opens_at = now + timedelta(hours=opened)
        with transaction():
            if "meeting_id" not in facts:
                facts["meeting_id"] = convene_for(profile, opens_at=opens_at, is_opened=open)
            ballot = service.announce_ballot(
                service.Draft(
                    **{
                        "version_id": version.id,
                        "question": "同意修建老年活动中心吗?",
                        "kind": kind,
                        "profile_code": profile,
                        "opens_at": opens_at,
                        "closes_at": now + timedelta(hours=closes),
                        "party_review_on": clock.today(now) - timedelta(days=40),
                        "party_review_note": "支委会记录第3号",
                    }
                    | facts
                ),
                now=min(now, opens_at) - timedelta(days=20),
            )
            if open:
                service.open_ballot(ballot.id, now=opens_at)
            ballot_id = ballot.id
        return service.get_ballot(ballot_id)

    return make


@pytest.fixture
def ballot(make_ballot):
    """An open consultative yes/no question."""
    return make_ballot()


@pytest.fixture
def approval(make_ballot):
    """An open approval vote over three projects, two of which may be chosen."""
    return make_ballot(Kind.APPROVAL, question="最想先做哪些项目?", max_choices=2)


@pytest.fixture
def close():
    """Let a ballot's time be over, as the clock would."""

    def _close(ballot, *, ago=timedelta(minutes=1)):
        with transaction():
            found = service.get_ballot(ballot.id)
            found.closed_at = clock.now() - ago
            if found.closed_at <= found.opened_at:
                found.opened_at = found.closed_at - timedelta(hours=1)
        return service.get_ballot(ballot.id)

    return _close


def options_of(ballot):
    """Return the ids of the options in the order of the paper."""
    return [option.id for option in service.list_options(ballot.id)]


def vote(ballot, person, *places, key=None, now=None, **facts):
    """Cast a vote for the options at these places (1 is the first), and return the receipt."""
    options = options_of(ballot)
    with village_scope(ballot.village_id):
        return service.cast_vote(
            ballot.id,
            person.resident_id,
            [options[place - 1] for place in places],
            key=key or f"key of {person.name} in {ballot.id}, long enough",
            now=now or clock.now(),
            **facts,
        )


def resident_named(name):
    return next(line for line in residents.list_residents(search=name)[0] if line.name == name)


__all__ = ["db"]
