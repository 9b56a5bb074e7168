"""A proposal that collects signatures, and as many electors as a test needs."""

from datetime import date

import pytest

from portal.core import clock
from portal.core.db import db, transaction
from portal.core.scope import village_scope
from portal.people import service as people
from portal.people.models import Household, Resident
from portal.people.rules import Sex
from portal.proposals import handing_in, service, signing
from portal.proposals.handing_in import Paper
from tests.conftest import CODE

PAPER = Paper(title="在桥头装路灯", place="三组桥头", body="晚上太黑，老人走路怕摔。装一盏路灯。")


@pytest.fixture
def crowd(cast, village):
    """Add electors, each of a household of their own, or all of one; return their ids."""

    def make(count, *, one_household=False):
        with village_scope(village.id), transaction():
            group = people.list_groups()[0]
            homes = [
                Household(number=f"9{number:03}", group_id=group.id)
                for number in range(1 if one_household else count)
            ]
            db.session.add_all(homes)
            db.session.flush()
            made = [
                Resident(
                    name=f"甲{number}",
                    sex=Sex.FEMALE,
                    born_on=date(1980, 1, 1),
                    household_id=homes[0 if one_household else number].id,
                    group_id=group.id,
                    is_registered=True,
                    is_away=False,
                    is_representative=False,
                )
                for number in range(count)
            ]
            db.session.add_all(made)
            db.session.flush()
            return [resident.id for resident in made]

    return make


@pytest.fixture
def propose(cast, village):
    """Hand a proposal in, as Vera unless somebody else is named."""

    def make(person=None, *, paper=PAPER, key="a-first-key", now=None, **facts):
        who = person or cast.vera
        with village_scope(village.id), transaction():
            return handing_in.hand_in(
                paper,
                show_name=facts.get("show_name", False),
                client_key=key,
                resident_id=who.resident_id,
                village_code=CODE,
                now=now or clock.now(),
            ).id

    return make


@pytest.fixture
def sign(village):
    """Let residents sign a proposal."""

    def make(proposal_id, *resident_ids, show_name=False, now=None):
        for resident_id in resident_ids:
            with village_scope(village.id), transaction():
                signing.sign(
                    proposal_id,
                    resident_id=resident_id,
                    show_name=show_name,
                    now=now or clock.now(),
                )

    return make


@pytest.fixture
def line(village):
    """Look at a proposal as it stands."""

    def look(proposal_id, resident_id=None):
        with village_scope(village.id):
            return service.get_line(proposal_id, resident_id=resident_id)

    return look
