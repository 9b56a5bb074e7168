"""The command `flask export-pb`: the papers of a counted ballot as a .pb file, without names."""

import sys
from datetime import datetime
from enum import StrEnum
from pathlib import Path

import click
from flask.cli import with_appcontext
from flask_babel import LazyString, force_locale
from flask_babel import lazy_gettext as _l
from sqlalchemy.exc import NoResultFound

from portal.ballots import exporting, papers_in, pb, rules, service
from portal.ballots.asking import frame_of
from portal.ballots.papers import Frame, chosen_of
from portal.ballots.pbvotes import PbVote
from portal.ballots.rules import Kind
from portal.ballots.states import Secrecy
from portal.ballots.words import REFUSALS as BALLOT_REFUSALS
from portal.core import clock
from portal.core.errors import Refused
from portal.core.look import LANGUAGES
from portal.core.scope import village_scope
from portal.people import service as people
from portal.people.rules import Channel, Sex


class Refusal(StrEnum):
    """Why nothing is written."""

    NO_BALLOT = "no-ballot"
    PAPERS_NOT_KEPT = "papers-not-kept"


REFUSALS: dict[StrEnum, LazyString] = BALLOT_REFUSALS | {
    Refusal.NO_BALLOT: _l("There is no such vote in this village."),
    Refusal.PAPERS_NOT_KEPT: _l("Of a secret vote only the sums are kept, not the papers."),
}


@click.command("export-pb")
@click.argument("village")
@click.argument("ballot", type=int)
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@with_appcontext
def export_pb(village: str, ballot: int, file: Path) -> None:
    """Write the papers of BALLOT in VILLAGE (12-digit code) into FILE, in Pabulib's format."""
    try:
        content = exporting.write(election_of(village, ballot, now=clock.now()))
    except Refused as refused:
        for language in LANGUAGES:
            with force_locale(language):
                click.echo(str(REFUSALS[refused.reason]) % refused.facts, err=True)
        sys.exit(1)
    file.write_bytes(content)


def election_of(village_code: str, ballot_id: int, *, now: datetime) -> pb.Election:
    """Return a counted ballot as an election, or raise Refused.

    Voters are numbered in the order of their papers, so that nothing is told of who came when.
    """
    village = people.find_village(village_code)
    if village is None:
        raise Refused(Refusal.NO_BALLOT)
    with village_scope(village.id):
        try:
            ballot = service.get_ballot(ballot_id)
        except NoResultFound as error:
            raise Refused(Refusal.NO_BALLOT) from error
        if not rules.state(ballot, now=now).is_counted:
            raise Refused(rules.Refusal.NOT_CLOSED_YET)
        if ballot.secrecy is not Secrecy.OPEN:
            raise Refused(Refusal.PAPERS_NOT_KEPT)
        options = service.list_options(ballot.id)
        frame = frame_of(ballot, options)
        papers = papers_in.named_papers(ballot.id, options)
        papers += papers_in.batch_papers(ballot.id)[0]
        begins_on, ends_on = clock.today(ballot.opens_at), clock.today(ballot.ends_at)
        election = pb.Election(
            meta={
                "description": ballot.question,
                "country": "China",
                "unit": village.name,
                "instance": str(begins_on.year),
                "num_projects": str(len(options)),
                "num_votes": str(papers.total()),
                "vote_type": str(vote_type_of(frame)),
                "rule": "greedy" if ballot.is_skipping else "greedy-no-skip",
                "date_begin": begins_on.isoformat(),
                "date_end": ends_on.isoformat(),
                **{key: str(number) for key, number in _numbers(frame, ballot.min_votes).items()},
            },
            vote_type=vote_type_of(frame),
            begins_on=begins_on,
            ends_on=ends_on,
            numbers=_numbers(frame, ballot.min_votes),
        )
    for option in options:
        code = option.code or str(option.position)
        name = option.words or str(option.answer)
        project = pb.PbProject(0, code, name, option.cost_yuan or 0, None)
        election.projects[code] = project
    codes = list(election.projects)
    for paper in sorted(papers.elements(), reverse=True):
        chosen = chosen_of(paper)
        has_points = election.vote_type in pb.WITH_POINTS
        vote = PbVote(
            line=0,
            voter=str(len(election.votes) + 1),
            projects=tuple(codes[i] for i in chosen),
            points=tuple(paper[i] for i in chosen) if has_points else (),
            sex=Sex.UNKNOWN,
            age=None,
            district="",
            channel=Channel.IMPORT,
        )
        election.votes.append(vote)
    return election


def vote_type_of(frame: Frame) -> pb.VoteType:
    """Return Pabulib's word for a kind of vote."""
    if frame.kind is Kind.RANKED:
        return pb.VoteType.ORDINAL
    if frame.kind is Kind.SCORE:
        return pb.VoteType.CUMULATIVE if frame.points_total else pb.VoteType.SCORING
    return pb.VoteType.APPROVAL


def _numbers(frame: Frame, min_votes: int) -> dict[str, int]:
    """Return the bounds as META has them; what does not bind is left out."""
    bounds = {
        "budget": frame.budget_yuan,
        "min_length": frame.min_choices,
        "max_length": frame.most,
        "max_sum_cost": frame.budget_yuan if frame.kind is Kind.BUDGET else None,
        "max_points": frame.max_score,
        "max_sum_points": frame.points_total,
        "min_project_score_threshold": min_votes or None,
    }
    return {key: bound for key, bound in bounds.items() if bound is not None}
