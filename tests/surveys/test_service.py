"""One reply for each person, and what is kept of it."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError, NoResultFound

from portal.core import clock
from portal.core.db import db, transaction
from portal.core.errors import Refused
from portal.core.scope import village_scope
from portal.people import service as people
from portal.people.rules import AgeBand, Channel, Sex
from portal.surveys import results, service
from portal.surveys.models import Answer, Reply, Survey
from portal.surveys.rules import AnswerFault, Phase, Refusal, SurveyState
from tests.surveys.conftest import FORM, GIVEN

KEY, OTHER_KEY = "a" * 32, "b" * 32


def _reply(survey_id, resident_id, *, key=KEY, given=GIVEN, now=None):
    with transaction():
        survey = service.get_survey(survey_id)
        return service.reply(survey, resident_id, given, key=key, now=now or clock.now()).id


def test_a_form_is_kept_as_a_draft_with_its_bytes(draft):
    survey = service.get_survey(draft, drafts=True)
    assert (survey.state, survey.title, survey.source) == (SurveyState.DRAFT, "村民需求调查", FORM)
    assert len(survey.source_sha256) == 64
    assert [q.name for q in service.definition_of(survey).asking] == list(GIVEN)


def test_villagers_do_not_find_a_draft(draft):
    with pytest.raises(NoResultFound):
        service.get_survey(draft)


def test_it_opens_today_at_once_and_closes_at_24(survey, now):
    kept = service.get_survey(survey)
    assert kept.opens_at == now
    assert kept.closes_at == clock.midnight_after(clock.today(now) + timedelta(days=7))
    last = kept.closes_at - timedelta(seconds=1)
    assert service.phase_of(kept, now=last) is Phase.OPEN
    assert service.phase_of(kept, now=kept.closes_at) is Phase.CLOSED


def test_a_reply_is_kept_with_who_they_were_then(survey, cast, now):
    _reply(survey, cast.vera.resident_id, now=now)
    kept = db.session.scalars(select(Reply)).one()
    assert (kept.sex, kept.channel, kept.done_at) == (Sex.FEMALE, Channel.SELF, now)
    assert kept.age_band is AgeBand.FROM_30
    answers = db.session.execute(
        select(Answer.question, Answer.position, Answer.value).order_by(Answer.id)
    ).all()
    assert [tuple(answer) for answer in answers] == [
        ("knows", 0, "yes"),
        ("first", 0, "road"),
        ("first", 1, "care"),
        ("away", 0, "2"),
        ("words", 0, "桥该修了\n谢谢"),
    ]


def test_sent_twice_with_the_same_key_is_one_reply(survey, cast):
    first = _reply(survey, cast.vera.resident_id)
    assert _reply(survey, cast.vera.resident_id) == first
    assert service.count_replies(survey) == 1


def test_a_second_reply_of_the_same_person_is_refused(survey, cast):
    _reply(survey, cast.vera.resident_id)
    with pytest.raises(Refused) as refused:
        _reply(survey, cast.vera.resident_id, key=OTHER_KEY)
    assert refused.value.reason is Refusal.ALREADY_ANSWERED
    assert service.count_replies(survey) == 1


def test_the_key_of_somebody_else_gives_nothing_away(survey, cast):
    _reply(survey, cast.vera.resident_id)
    with pytest.raises(Refused) as refused:
        _reply(survey, cast.max.resident_id)
    assert refused.value.reason is Refusal.ALREADY_ANSWERED
    db.session.rollback()
    assert service.find_reply(survey, cast.max.resident_id) is None


def test_eight_at_once_for_one_person_are_one_reply(survey, cast, race):
    def send(index):
        opened = service.get_survey(survey)
        return service.reply(
            opened, cast.vera.resident_id, GIVEN, key=f"{index:032x}", now=clock.now()
        ).id

    outcomes = race(8, send)
    taken = [outcome for outcome in outcomes if isinstance(outcome, int)]
    refused = [outcome.reason for outcome in outcomes if isinstance(outcome, Refused)]
    assert (len(taken), refused) == (1, [Refusal.ALREADY_ANSWERED] * 7)
    db.session.rollback()
    assert service.count_replies(survey) == 1
    assert len(db.session.scalars(select(Answer)).all()) == 5


def test_the_same_tap_eight_times_at_once_is_one_reply(survey, cast, race):
    def send(_index):
        opened = service.get_survey(survey)
        return service.reply(opened, cast.vera.resident_id, GIVEN, key=KEY, now=clock.now()).id

    outcomes = race(8, send)
    assert len({outcome for outcome in outcomes if isinstance(outcome, int)}) == 1
    db.session.rollback()
    assert service.count_replies(survey) == 1


def test_opened_and_thrown_away_at_once_is_one_of_the_two(draft, now, race):
    def act(index):
        held = service.get_survey(draft, drafts=True, hold=service.Hold.TO_CHANGE)
        if index % 2:
            return service.discard_survey(held)
        today = clock.today(now)
        return service.open_survey(
            held, title="T", lead="", first_day=today, last_day=today, now=now
        )

    outcomes = race(4, act)
    assert outcomes.count(None) == 1
    refused = {type(outcome) for outcome in outcomes if outcome is not None}
    assert refused <= {Refused, NoResultFound}
    db.session.rollback()


def test_the_key_itself_keeps_a_second_reply_out(survey, cast, now):
    _reply(survey, cast.vera.resident_id)
    facts = people.deed_facts(cast.vera.resident_id, now=now)
    with pytest.raises(IntegrityError), transaction():
        db.session.add(
            Reply(survey_id=survey, number=1, idempotency_key=OTHER_KEY, receipt="R" * 12, **facts)
        )


@pytest.mark.parametrize(
    ("who", "after", "reason"),
    [
        ("nobody", timedelta(0), Refusal.NOT_ON_ROSTER),
        ("vera", timedelta(days=9), Refusal.CLOSED),
        ("vera", timedelta(days=-1), Refusal.NOT_OPEN_YET),
    ],
)
def test_why_not(survey, cast, now, who, after, reason):
    resident_id = cast.vera.resident_id if who == "vera" else None
    with pytest.raises(Refused) as refused:
        _reply(survey, resident_id, now=now + after)
    assert refused.value.reason is reason


def test_nora_of_the_neighbouring_village_cannot_reply_here(survey, cast):
    with pytest.raises(NoResultFound):
        _reply(survey, cast.nora.resident_id)


def test_the_neighbouring_village_does_not_find_the_survey(survey, neighbour):
    with village_scope(neighbour.id), pytest.raises(NoResultFound):
        service.get_survey(survey)


def test_faults_come_back_by_question_and_nothing_is_kept(survey, cast):
    with pytest.raises(Refused) as refused:
        _reply(survey, cast.vera.resident_id, given={"away": ["三"], "first": ["gold"]})
    assert refused.value.reason is Refusal.FAULTY_ANSWERS
    assert refused.value.facts == {
        "faults": {
            "knows": AnswerFault.MISSING,
            "first": AnswerFault.NOT_A_CHOICE,
            "away": AnswerFault.NOT_AN_INTEGER,
        }
    }
    assert db.session.scalars(select(Reply)).all() == []


def test_a_closed_survey_ends_now_and_takes_nothing(survey, cast, now):
    with transaction():
        service.close_survey(service.get_survey(survey), now=now + timedelta(hours=1))
    kept = service.get_survey(survey)
    assert (kept.state, kept.closes_at) == (SurveyState.CLOSED, now + timedelta(hours=1))
    with pytest.raises(Refused) as refused:
        _reply(survey, cast.vera.resident_id, now=now + timedelta(minutes=30))
    assert refused.value.reason is Refusal.CLOSED
    with pytest.raises(Refused) as again, transaction():
        service.close_survey(service.get_survey(survey), now=now)
    assert again.value.reason is Refusal.NOT_RUNNING


def test_only_a_draft_can_be_thrown_away(survey, draft):
    with pytest.raises(Refused) as refused, transaction():
        service.discard_survey(service.get_survey(survey))
    assert refused.value.reason is Refusal.NOT_A_DRAFT


def test_a_draft_thrown_away_is_gone(draft):
    with transaction():
        service.discard_survey(service.get_survey(draft, drafts=True))
    assert db.session.scalars(select(Survey)).all() == []


def test_the_export_knows_groups_and_answers_but_no_names(survey, cast):
    _reply(survey, cast.vera.resident_id)
    _reply(survey, cast.max.resident_id, key=OTHER_KEY, given={"knows": ["no"]})
    definition = service.definition_of(service.get_survey(survey))
    assert results.export_headers(definition) == [
        "reply", "group", "sex", "age_band",
        "knows", "first", "first/road", "first/water", "first/care", "away", "words",
    ]  # fmt: skip
    rows = {row[4]: row for row in results.export_rows(survey, definition)}
    assert rows["yes"][2:] == [
        "female", "30-44", "yes", "road care", 1, 0, 1, 2, "桥该修了\n谢谢",
    ]  # fmt: skip
    assert rows["no"][2:5] == ["male", "45-59", "no"]
    assert rows["no"][5:] == [None] * 6
    assert all(str(row[0]).startswith("R") and len(str(row[0])) == 7 for row in rows.values())


def test_lists_take_as_many_queries_for_three_surveys_as_for_one(survey, cast, now, count_queries):
    def ask():
        db.session.remove()
        with count_queries() as counted:
            listed = service.list_surveys(now=now, resident_id=cast.vera.resident_id)
        return len(listed), counted.n

    one = ask()
    with transaction():
        for _ in range(2):
            more = service.import_survey("需求.xlsx", FORM, now=now)
            more.state, more.opens_at = SurveyState.OPEN, now
            more.closes_at = now + timedelta(days=1)
    three = ask()
    assert (one[0], three[0]) == (1, 3)
    assert one[1] == three[1]
