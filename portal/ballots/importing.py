"""The command `flask import-pb`: a real election from a .pb file, through the casting of a phone."""

import sys
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any, TextIO

import click
from flask.cli import with_appcontext
from flask_babel import LazyString, force_locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import func, insert, select

from portal.ballots import pb, service
from portal.ballots.fault_words import words_of
from portal.ballots.models import Ballot
from portal.ballots.pbfile import Fault
from portal.ballots.words import REFUSALS as BALLOT_REFUSALS
from portal.core import clock, secrets
from portal.core.db import db, transaction
from portal.core.errors import Refused
from portal.core.look import LANGUAGES
from portal.core.scope import village_scope
from portal.people import service as people
from portal.people.models import Household, Region, Resident, VillagerGroup
from portal.people.rules import Level, born_until, level_of
from portal.plans import service as plans

FIRST_SPARE_CODE = "990000000001"


class Refusal(StrEnum):
    """Why a good file is not imported."""

    BAD_CODE = "bad-code"
    HAS_A_ROSTER = "has-a-roster"


REFUSALS: dict[StrEnum, LazyString] = BALLOT_REFUSALS | {
    Refusal.BAD_CODE: _l("A village's code has 12 digits."),
    Refusal.HAS_A_ROSTER: _l(
        "This village has a roster already. Its people did not vote in this election."
    ),
}


@dataclass(frozen=True)
class Imported:
    """What came of an import."""

    village_code: str
    ballot_id: int
    projects: int
    votes: int


@click.command("import-pb")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--village", "code", help="12-digit code of the village to import into")
@with_appcontext
def import_pb(file: Path, code: str | None) -> None:
    """Import a participatory-budgeting election (.pb or .pb.gz), all of it or nothing."""
    try:
        election = pb.read(file.name, file.read_bytes())
        with transaction():
            done = import_election(election, code=code, now=clock.now(), out=sys.stderr)
    except Fault as fault:
        for language in LANGUAGES:
            with force_locale(language):
                click.echo(words_of(fault, file.name), err=True)
        sys.exit(1)
    except Refused as refused:
        for language in LANGUAGES:
            with force_locale(language):
                click.echo(str(REFUSALS[refused.reason]), err=True)
        sys.exit(1)
    click.echo(
        _(
            "%(votes)s votes on %(projects)s projects: /v/%(village)s/ballots/%(ballot)s/result",
            votes=done.votes,
            projects=done.projects,
            village=done.village_code,
            ballot=done.ballot_id,
        )
    )


def import_election(
    election: pb.Election, *, code: str | None, now: datetime, out: TextIO | None = None
) -> Imported:
    """Put an election into a village of its own, or into the empty one with this code.

    Every voter becomes a resident with a household of their own, since the file knows of none;
    the district, if given, is the group. Of a voter's age only the years are known: the birth
    date is estimated as that many years before the first day. When within the election a vote
    was cast is not known: its first moment stands for all. `out` shows how far it has come.
    """
    village_id, code = _village(election, code)
    opens_at = clock.midnight_before(election.begins_on)
    frame = election.frame
    with village_scope(village_id):
        residents = _add_voters(election)
        version_id = _add_plan(election, now=opens_at)
        ballot = service.announce_ballot(
            service.Draft(
                version_id=version_id,
                question=(election.meta.get("description") or election.place)[:200],
                kind=frame.kind,
                profile_code="consultative-all-ages",
                opens_at=opens_at,
                closes_at=clock.midnight_after(election.ends_on),
                max_choices=frame.max_choices,
                min_choices=frame.min_choices,
                max_score=frame.max_score,
                points_total=frame.points_total,
                budget_yuan=frame.budget_yuan,
                min_votes=election.min_votes,
                is_skipping=election.is_skipping,
            ),
            now=opens_at,
        )
        service.open_ballot(ballot.id, now=opens_at)
        _cast_all(election, ballot, residents, now=opens_at, out=out)
    return Imported(code, ballot.id, len(election.projects), len(election.votes))


def _village(election: pb.Election, code: str | None) -> tuple[int, str]:
    """Return the village to fill: the empty one with this code, or a new one."""
    if code is None:
        last = db.session.scalar(
            select(func.max(Region.code)).where(
                Region.code >= FIRST_SPARE_CODE, Region.level == Level.VILLAGE
            )
        )
        code = str(int(last) + 1) if last else FIRST_SPARE_CODE
    if level_of(code) is not Level.VILLAGE:
        raise Refused(Refusal.BAD_CODE)
    found = people.find_village(code)
    if found is None:
        village = people.add_village(code=code, name=election.place[:120])
        return village.id, village.code
    with village_scope(found.id):
        if db.session.scalar(select(Resident.id).limit(1)) is not None:
            raise Refused(Refusal.HAS_A_ROSTER)
    return found.id, found.code


def _add_voters(election: pb.Election) -> dict[str, int]:
    """Add groups, households and residents; return the residents' ids by voter."""
    districts = list(dict.fromkeys(vote.district for vote in election.votes))
    groups = {
        district: VillagerGroup(number=number, name=(district or election.place)[:60])
        for number, district in enumerate(districts, start=1)
    }
    db.session.add_all(groups.values())
    db.session.flush()
    db.session.execute(
        insert(Household),
        [{"number": vote.voter, "group_id": groups[vote.district].id} for vote in election.votes],
    )
    households = {number: key for key, number in _pairs(Household.id, Household.number)}
    db.session.execute(
        insert(Resident),
        [
            {
                "name": vote.voter,
                "household_id": households[vote.voter],
                "group_id": groups[vote.district].id,
                "sex": vote.sex,
                "born_on": _born_on(vote.age, election.begins_on),
                "born_on_is_exact": False,
            }
            for vote in election.votes
        ],
    )
    return {name: key for key, name in _pairs(Resident.id, Resident.name)}


def _pairs(key: Any, value: Any) -> Any:
    return db.session.execute(select(key, value))


def _born_on(age: int | None, day: date) -> date | None:
    return None if age is None else born_until(day, age)


def _cast_all(
    election: pb.Election,
    ballot: Ballot,
    residents: dict[str, int],
    *,
    now: datetime,
    out: TextIO | None,
) -> None:
    options = {option.code: option.id for option in service.list_options(ballot.id)}
    with click.progressbar(election.votes, file=out, hidden=out is None) as votes:
        for vote in votes:
            service.cast_vote(
                ballot.id,
                residents[vote.voter],
                {options[code]: value for code, value in election.values_of(vote).items()},
                key=secrets.token(),
                now=now,
                channel=vote.channel,
            )


def _add_plan(election: pb.Election, *, now: datetime) -> int:
    """Write the projects down as a plan that was decided elsewhere; return its version's id."""
    year = election.begins_on.year
    version = plans.create_plan(
        name=election.place[:200], base_year=year, target_year=year + 1, now=now
    )
    plans.add_projects(
        version.id,
        [
            {"code": project.code, "name": project.name, "cost_yuan": project.cost}
            for project in election.projects.values()
        ],
        now=now,
    )
    return plans.publish_decided(version.id, now=now).id
