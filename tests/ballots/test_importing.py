"""A real election goes in whole and comes out with the same numbers, or not at all."""

import gzip
import json
from collections import Counter
from pathlib import Path

import pytest
from sqlalchemy import func, select

from portal.ballots import importing, pb, rules, service
from portal.ballots.models import BallotChoice, Turnout
from portal.ballots.pbfile import Fault
from portal.ballots.tallies.greedy import fund_most_wanted
from portal.core import clock
from portal.core.db import Base, db, transaction
from portal.core.errors import Refused
from portal.core.scope import all_villages, village_scope
from portal.people import service as people
from portal.people.models import Resident
from portal.people.rules import Channel, Sex
from tests.ballots.polls import convene_for
from tests.real_data import real_data

SMALL = Path(__file__).parent / "files" / "small.pb"
EXPECTED_SMALL = {
    "votes_per_project": {"A": 4, "B": 3, "C": 1},
    "n_votes": 6,
    "voters_by_sex": {"K": 3, "M": 2, "": 1},
    "voters_by_age_band": {"<18": 1, "18-29": 1, "30-44": 1, "60-74": 1, "75+": 1, "unknown": 1},
    "voters_by_method": {"internet": 3, "paper": 2, "": 1},
}
REAL = ("poland_warszawa_2021_wesola", "poland_lodz_2020_nr-33")
CHANNELS = {"internet": Channel.SELF, "paper": Channel.PAPER, "": Channel.IMPORT}
SEXES = {"K": Sex.FEMALE, "F": Sex.FEMALE, "M": Sex.MALE, "": Sex.UNKNOWN}


def expected_of(name) -> tuple[Path, dict]:
    if name == "small":
        return SMALL, EXPECTED_SMALL
    path = real_data(f"pabulib/{name}.pb.gz")
    if path is None:
        return SMALL, EXPECTED_SMALL
    return path, json.loads(real_data("pabulib/expected.json").read_text())[f"{name}.pb"]


def take_in(path):
    with transaction():
        return importing.import_election(
            pb.read(path.name, path.read_bytes()), code=None, now=clock.now()
        )


@pytest.mark.parametrize("name", ["small", *REAL])
def test_the_numbers_are_those_of_the_election(app, name):
    path, expected = expected_of(name)
    done = take_in(path)
    with village_scope(people.find_village(done.village_code).id):
        result = service.result_of(service.get_ballot(done.ballot_id), now=clock.now())
        assert {t.code: t.count for t in result.tallies} == expected["votes_per_project"]
        assert (result.cast, result.electors) == (expected["n_votes"], expected["n_votes"])
        wanted_sexes = Counter()
        for letter, count in expected["voters_by_sex"].items():
            wanted_sexes[SEXES[letter]] += count
        counted = select(func.count()).select_from(Turnout)
        for column, wanted in (
            (Turnout.sex, wanted_sexes),
            (Turnout.age_band, expected["voters_by_age_band"]),
            (Turnout.channel, {CHANNELS[k]: n for k, n in expected["voters_by_method"].items()}),
        ):
            query = counted.add_columns(column).group_by(column)
            assert {key: n for n, key in db.session.execute(query)} == dict(wanted)
        assert db.session.scalar(select(func.count()).select_from(BallotChoice)) == sum(
            expected["votes_per_project"].values()
        )


KINDS = Path(__file__).parent / "files"
MARKS = {
    "ordinal": (rules.Kind.RANKED, {"A": 8, "B": 4, "C": 4}),
    "cumulative": (rules.Kind.SCORE, {"A": 12, "B": 7, "C": 6}),
    "budget": (rules.Kind.BUDGET, {"A": 3, "B": 1, "C": 2}),
}


@pytest.mark.parametrize("name", [*MARKS, "poland_czestochowa_2020_grabowka"])
def test_places_points_and_money_go_in_and_come_out(app, name, tmp_path):
    """Whatever the kind: imported through the casting, counted, written, read again, the same."""
    path = KINDS / f"{name}.pb"
    if name not in MARKS:
        path = real_data(f"pabulib/{name}.pb.gz")
        if path is None:
            return
    election = pb.read(path.name, path.read_bytes())
    done = take_in(path)
    with village_scope(people.find_village(done.village_code).id):
        ballot = service.get_ballot(done.ballot_id)
        assert ballot.kind is election.frame.kind
        assert (ballot.budget_yuan, ballot.min_votes) == (election.budget, election.min_votes)
        assert ballot.is_skipping is election.is_skipping
        result = service.result_of(ballot, now=clock.now())
    assert result.cast == len(election.votes)
    if election.frame.kind is not rules.Kind.RANKED:
        assert tuple(tally.count for tally in result.tallies) == election.scores.sums
    funded = fund_most_wanted(
        election.scores.sums,
        election.costs,
        election.budget,
        min_votes=election.min_votes,
        is_skipping=election.is_skipping,
    )
    assert result.detail["greedy"]["funded"] == list(funded.funded)
    if name in MARKS:
        kind, sums = MARKS[name]
        assert election.frame.kind is kind
        assert dict(zip(election.projects, election.scores.sums, strict=True)) == sums
    written = tmp_path / "out.pb"
    arguments = ["export-pb", done.village_code, str(done.ballot_id), str(written)]
    run = app.test_cli_runner().invoke(args=arguments)
    assert run.exit_code == 0, run.output
    again = pb.read("out.pb", written.read_bytes())
    assert again.papers == election.papers
    assert again.scores == election.scores
    assert (again.costs, again.budget) == (election.costs, election.budget)
    assert again.frame.kind is election.frame.kind
    assert [vote.voter for vote in again.votes] == [str(i + 1) for i in range(len(again.votes))]


@pytest.mark.parametrize("database", ["sqlite"])
def test_an_open_ballot_is_not_written(app, village, ballot, tmp_path):
    for code, number in ((village.code, ballot.id), (village.code, 999), ("990000000099", 1)):
        file = tmp_path / "out.pb"
        run = app.test_cli_runner().invoke(args=["export-pb", code, str(number), str(file)])
        assert run.exit_code == 1
        assert not file.exists()


def test_a_statutory_ballot_over_the_same_roster_refuses_the_minors(app):
    path, _ = expected_of(REAL[0])
    done = take_in(path)
    with village_scope(people.find_village(done.village_code).id):
        imported = service.get_ballot(done.ballot_id)
        now = imported.closes_at
        with transaction():
            ballot = service.announce_ballot(
                service.Draft(
                    version_id=imported.version_id,
                    question="?",
                    kind=rules.Kind.YES_NO,
                    profile_code="village-meeting-remote",
                    meeting_id=convene_for("village-meeting-remote", opens_at=now),
                    opens_at=clock.midnight_before(clock.today(now)),
                    closes_at=clock.midnight_after(clock.today(now)),
                    party_review_on=imported.opens_at.date().replace(month=6, day=1),
                    party_review_note="3",
                ),
                now=imported.opens_at.replace(month=7),
            )
            service.open_ballot(ballot.id, now=now)
            ballot_id = ballot.id
        option = service.list_options(ballot_id)[0].id
        minors = db.session.scalars(
            select(Turnout.resident_id).where(Turnout.age_band == "<18").limit(3)
        ).all()
        refusals = set()
        for number, minor in enumerate(minors):
            with pytest.raises(Refused) as refused, transaction():
                service.cast_vote(ballot_id, minor, [option], key=f"k{number}", now=now)
            refusals.add(refused.value.reason)
        assert refusals == {rules.Refusal.TOO_YOUNG}
        adult = db.session.scalar(
            select(Turnout.resident_id).where(Turnout.age_band == "45-59").limit(1)
        ) or db.session.scalar(select(Turnout.resident_id).where(Turnout.age_band == "30-44"))
        with transaction():
            assert service.cast_vote(ballot_id, adult, [option], key="adult", now=now).code


TEXT = SMALL.read_text()


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("PROJECTS\n", ""),
        ("A;500;4", "A;five;4"),
        ("1;17;K;internet;A,B", "1;17;K;internet;A,X"),
        ("2;18;M;internet;A", "1;18;M;internet;A"),
        ("2;18;M;internet;A", "2;18;M;internet"),
        ("1;17;K;internet;A,B", "1;17;K;internet;A,A"),
        ("1;17;K;internet;A,B", "1;17;K;internet;A,B,C"),
        ("1;17;K;internet;A,B", "1;17;Q;internet;A,B"),
        ("1;17;K;internet;A,B", "1;-4;K;internet;A,B"),
        ("vote_type;approval", "vote_type;sealed-bid"),
        ("num_votes;6", "num_votes;7"),
        ("A;500;4", "A;500;5"),
        ("01.09.2020", "31.02.2020"),
        (TEXT, ""),
    ],
    ids=[
        "section",
        "cost",
        "project",
        "voter",
        "columns",
        "twice",
        "too many",
        "sex",
        "age",
        "type",
        "count",
        "tally",
        "date",
        "empty",
    ],
)
@pytest.mark.parametrize("database", ["sqlite"])
def test_a_malformed_file_is_refused_with_its_line_and_leaves_nothing(app, tmp_path, before, after):
    text = TEXT.replace(before, after)
    line = TEXT[: TEXT.index(before)].count("\n") + 1
    file = tmp_path / "bad.pb"
    file.write_text(text)
    run = app.test_cli_runner().invoke(args=["import-pb", str(file)])
    assert run.exit_code == 1
    assert "bad.pb 第" in run.output
    assert "bad.pb, line" in run.output
    if after:
        assert f"第 {line} 行" in run.output, run.output
    with all_villages("nothing of any village may be there"):
        assert [
            n
            for n, t in Base.metadata.tables.items()
            if db.session.scalar(select(func.count()).select_from(t))
        ] == []


@pytest.mark.parametrize("database", ["sqlite"])
def test_what_is_no_gzip_is_refused(app, tmp_path):
    file = tmp_path / "bad.pb.gz"
    file.write_bytes(gzip.compress(TEXT.encode())[:-9])
    assert app.test_cli_runner().invoke(args=["import-pb", str(file)]).exit_code == 1
    with pytest.raises(Fault):
        pb.read("x.pb.gz", TEXT.encode())


def test_the_command_imports(app, browse):
    run = app.test_cli_runner().invoke(args=["import-pb", str(SMALL)])
    assert run.exit_code == 0, run.output
    village = people.list_villages()[0]
    page = browse(None).get(f"/v/{village.code}/ballots/1/result")
    assert page.status_code == 200
    assert "Library 𬭚" in page.text


@pytest.mark.parametrize("database", ["sqlite"])
def test_a_village_with_a_roster_is_not_taken(app, cast, village):
    with pytest.raises(Refused), transaction():
        importing.import_election(
            pb.read(SMALL.name, SMALL.read_bytes()), code=village.code, now=clock.now()
        )
    assert db.session.scalar(select(func.count()).select_from(Resident)) == 4
