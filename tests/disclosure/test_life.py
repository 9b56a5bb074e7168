"""A document from its beginning to the archive: each step, who may, which bytes, two at once."""

import hashlib
from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import DBAPIError, IntegrityError

from portal.core import clock, outbox
from portal.core.db import db, transaction
from portal.core.errors import Refused
from portal.disclosure import chores, proofs, service, stepping
from portal.disclosure.life_models import DisclosureCase, DisclosureProof, DisclosureStep
from portal.disclosure.rules import Edition, Refusal
from portal.disclosure.states import State, Step
from portal.disclosure.stepping import Actor
from tests.disclosure.conftest import NOTICE, VOTE, actors, lead_through, publish_whole


def led(kind, subject, press, until, **facts) -> int:
    with transaction():
        return lead_through(kind, subject, press, until=until, **facts).id


def refusal_of(deed, *args, **facts) -> Refusal:
    with pytest.raises(Refused) as refused, transaction():
        deed(*args, **facts)
    return refused.value.reason


def test_every_step_is_written_down(office, vote, press) -> None:
    case_id = led(VOTE, vote, press, "publish")
    lines = service.list_steps(case_id)
    assert [(line.position, line.step, line.after) for line in lines] == [
        (1, Step.BEGIN, State.DRAFT),
        (2, Step.GENERATE, State.GENERATED),
        (3, Step.HAND_IN, State.REVIEW),
        (4, Step.APPROVE, State.REVIEW),
        (5, Step.PUBLISH, State.PUBLISHED),
        (6, Step.OPEN_OBJECTIONS, State.OBJECTION),
    ]
    assert [line.before for line in lines[1:]] == [line.after for line in lines[:-1]]
    assert [line.part for line in lines] == [
        "committee", "committee", "committee", "supervisor", "committee", "committee",
    ]  # fmt: skip
    assert lines[1].digest == lines[2].digest == lines[3].digest == lines[4].digest != ""
    with pytest.raises(DBAPIError, match="append-only"), transaction():
        db.session.connection().exec_driver_sql("DELETE FROM disclosure_step")


def test_what_was_reviewed_is_published_byte_for_byte(office, vote, press) -> None:
    case_id = led(VOTE, vote, press, "hand-in")
    seen = {edition: service.get_proof(case_id, edition).content for edition in Edition}
    with transaction():
        drafter, reviewer = actors()
        service.approve(case_id, actor=reviewer, is_committee=False, now=clock.now())
        doc_id = service.publish(case_id, actor=drafter, now=clock.now()).id
    for edition, content in seen.items():
        file = service.get_file(doc_id, edition)
        assert file.content == content
        assert file.sha256 == hashlib.sha256(content).hexdigest() == file.unsigned_sha256
    assert service.list_proofs(case_id) == []


def test_other_bytes_than_the_reviewed_are_not_published(office, vote, press) -> None:
    case_id = led(VOTE, vote, press, "approve")
    with transaction():
        proof = service.get_proof(case_id, Edition.LARGE)
        proof.content = proof.content + b"\n"
        drafter, _reviewer = actors()
    refusal = refusal_of(service.publish, case_id, actor=drafter, now=clock.now())
    assert refusal is Refusal.NOT_AS_REVIEWED


def test_nobody_reviews_what_they_drafted(cast, office, vote, press) -> None:
    now = clock.now()
    max_, sun = (
        Actor(account_id=cast.max.id, part="committee"),
        Actor(account_id=cast.sun.id, part="supervisor"),
    )
    with transaction():
        case_id = service.begin(VOTE, vote, actor=max_, now=now).id
        service.generate(case_id, publish_on=clock.today(now), press=press, actor=max_, now=now)
        service.hand_in(case_id, actor=max_, now=now)
    for who, is_committee, refusal in (
        (max_, False, Refusal.OWN_DRAFT),
        (sun, True, Refusal.OF_THE_COMMITTEE),
    ):
        facts = {"actor": who, "is_committee": is_committee, "now": now}
        assert refusal_of(service.approve, case_id, **facts) is refusal
        assert refusal_of(service.send_back, case_id, reason="x", **facts) is refusal
    with transaction():
        service.approve(case_id, actor=sun, is_committee=False, now=now)
    with pytest.raises(IntegrityError), transaction():  # the CHECK is the last judge
        case = db.session.get_one(DisclosureCase, case_id)
        case.approved_by = case.handed_in_by


def test_it_comes_back_with_a_reason_and_goes_again(office, vote, press) -> None:
    now = clock.now()
    case_id = led(VOTE, vote, press, "hand-in")
    drafter, reviewer = (None, None)
    with transaction():
        drafter, reviewer = actors()
    facts = {"actor": reviewer, "is_committee": False, "now": now}
    assert refusal_of(service.send_back, case_id, reason=" ", **facts) is Refusal.NO_REASON
    with transaction():
        service.send_back(case_id, reason="票数请再核对", **facts)
    case = service.get_case(case_id)
    assert (case.state, case.number, case.due_on is not None) == (State.DRAFT, 1, True)
    assert service.list_steps(case_id)[-1].reason == "票数请再核对"
    with transaction():
        service.generate(case_id, publish_on=clock.today(now), press=press, actor=drafter, now=now)
    assert (service.get_case(case_id).number, service.get_case(case_id).due_on) == (1, None)
    refusal = refusal_of(service.publish, case_id, actor=drafter, now=now)
    assert refusal is Refusal.NOT_IN_THIS_STATE


def test_a_new_file_needs_a_new_review(office, vote, press) -> None:
    case_id, now = led(VOTE, vote, press, "approve"), clock.now()
    with transaction():
        drafter, _reviewer = actors()
        service.take_back(case_id, actor=drafter, reason="改地址", now=now)
        service.generate(case_id, publish_on=clock.today(now), press=press, actor=drafter, now=now)
        service.hand_in(case_id, actor=drafter, now=now)
    assert refusal_of(service.publish, case_id, actor=drafter, now=now) is Refusal.NOT_REVIEWED


def test_numbers_leave_no_gap(office, vote, on_notice, press) -> None:
    """A number stays with its document, also with one that was withdrawn before it came out."""
    first = led(NOTICE, on_notice, press, "generate")
    with transaction():
        drafter, _reviewer = actors()
        service.withdraw(first, actor=drafter, reason="改期", now=clock.now())
    second = led(VOTE, vote, press, "publish")
    third = led(NOTICE, on_notice, press, "publish")
    numbers = [service.get_case(case_id).number for case_id in (first, second, third)]
    assert numbers == [1, 2, 3]
    assert service.get_case(first).state is State.WITHDRAWN
    assert service.list_proofs(first) == []
    doc = service.get_doc(service.get_case(third).doc_id)
    assert '"issue":1' in doc.content  # the one before never came out


def test_the_day_is_kept(office, vote, press) -> None:
    now = clock.now()
    day = clock.today(now) + timedelta(days=3)
    case_id = led(VOTE, vote, press, "begin")
    with transaction():
        drafter, reviewer = actors()
    early = clock.today(now) - timedelta(days=1)
    refusal = refusal_of(
        service.generate, case_id, publish_on=early, press=press, actor=drafter, now=now
    )
    assert refusal is Refusal.DAY_BEFORE_TODAY
    with transaction():
        service.generate(case_id, publish_on=day, press=press, actor=drafter, now=now)
        service.hand_in(case_id, actor=drafter, now=now)
        service.approve(case_id, actor=reviewer, is_committee=False, now=now)
    assert refusal_of(service.publish, case_id, actor=drafter, now=now) is Refusal.DAY_NOT_COME
    late = now + timedelta(days=4)
    assert refusal_of(service.publish, case_id, actor=drafter, now=late) is Refusal.DAY_PASSED


def test_on_its_day_it_comes_out_by_itself(app, office, vote, press) -> None:
    now = clock.now()
    day = clock.today(now) + timedelta(days=3)
    case_id = led(VOTE, vote, press, "begin")
    with transaction():
        drafter, reviewer = actors()
        service.generate(case_id, publish_on=day, press=press, actor=drafter, now=now)
        service.hand_in(case_id, actor=drafter, now=now)
        service.approve(case_id, actor=reviewer, is_committee=False, now=now)
    outbox.handle_waiting(app, now=now)
    db.session.rollback()
    assert service.get_case(case_id).state is State.REVIEW
    outbox.handle_waiting(app, now=clock.midnight_before(day))
    db.session.rollback()
    case = service.get_case(case_id)
    assert (case.state, clock.today(case.published_at)) == (State.OBJECTION, day)
    assert service.list_steps(case_id)[-1].part == "clock"
    assert service.list_steps(case_id)[-1].name == ""


def test_the_clock_ends_it_and_lays_it_in_the_archive(office, vote, press) -> None:
    case_id, now = led(VOTE, vote, press, "publish"), clock.now()
    end = service.get_case(case_id).period_end
    for moment, state in (
        (clock.midnight_after(end) - timedelta(seconds=1), State.OBJECTION),
        (clock.midnight_after(end), State.ENDED),
        (clock.midnight_after(end) + timedelta(days=40), State.ARCHIVED),
        (now + timedelta(days=900), State.ARCHIVED),
    ):
        with stepping.scope.all_villages("the clock looks after every village"), transaction():
            chores.look_after(now=moment)
        assert service.get_case(case_id).state is state


def test_two_begin_at_once(office, vote, race) -> None:
    with transaction():
        drafter, _reviewer = actors()

    def run(_index):
        return service.begin(VOTE, vote, actor=drafter, now=clock.now()).id

    results = race(4, run)
    assert sum(isinstance(result, int) for result in results) == 1
    failed = [result for result in results if not isinstance(result, int)]
    assert all(
        isinstance(one, IntegrityError) or one.reason is Refusal.ALREADY_UNDER_WAY for one in failed
    )


def test_two_generate_at_once_and_numbers_stay_whole(office, vote, on_notice, press, race) -> None:
    cases = [
        led(kind, subject, press, "begin") for kind, subject in ((VOTE, vote), (NOTICE, on_notice))
    ]
    with transaction():
        drafter, _reviewer = actors()
    day = clock.today(clock.now())

    def run(index):
        case = service.generate(
            cases[index % 2], publish_on=day, press=press, actor=drafter, now=clock.now()
        )
        return case.number

    results = race(4, run)
    assert set(results) == {1, 2}
    rows = db.session.execute(
        select(DisclosureStep.case_id, DisclosureStep.position).order_by(
            DisclosureStep.case_id, DisclosureStep.position
        )
    ).all()
    assert [tuple(row) for row in rows] == [(case, n) for case in cases for n in (1, 2, 3)]
    assert db.session.scalar(select(func.count()).select_from(DisclosureProof)) == 4


def test_without_the_key_a_step_is_taken_twice(office, vote, press) -> None:
    """Two rows for one position of a document: the key refuses the second."""
    case_id = led(VOTE, vote, press, "begin")
    with pytest.raises(IntegrityError), transaction():
        db.session.add(
            DisclosureStep(
                case_id=case_id, position=1, step=Step.GENERATE, before=State.DRAFT,
                after=State.GENERATED, done_at=clock.now(),
            )
        )  # fmt: skip


def test_two_supervisors_agree_at_once(office, vote, press, race) -> None:
    case_id = led(VOTE, vote, press, "hand-in")
    with transaction():
        _drafter, reviewer = actors()

    def run(_index):
        service.approve(case_id, actor=reviewer, is_committee=False, now=clock.now())
        return "agreed"

    results = race(3, run)
    assert results.count("agreed") == 1
    assert {getattr(one, "reason", one) for one in results} == {
        "agreed", Refusal.SOMEBODY_ELSE_DID,
    }  # fmt: skip


def test_the_same_input_gives_the_same_bytes(office, vote, press) -> None:
    case_id = led(VOTE, vote, press, "generate")
    case, day = service.get_case(case_id), clock.today(clock.now())
    content = service.content_of(case, publish_on=day, press=press, now=clock.now())
    for edition in Edition:
        again = proofs.print_content(content, vote, edition, press)
        assert again == service.get_proof(case_id, edition).content


def test_a_further_issue_says_why_and_marks_the_one_before(office, vote, press) -> None:
    with transaction():
        first = publish_whole(VOTE, vote, press).id
        service.set_office(unit="甲", address="乙", phone="1", email="", hours="全天")
    with transaction():
        second = publish_whole(VOTE, vote, press, reason="责任单位变更").id
    old, new = service.case_of(first), service.case_of(second)
    assert (old.state, old.replaced_by_id, new.reason) == (State.CORRECTED, new.id, "责任单位变更")
    assert service.is_marked(old)
    assert not service.is_marked(new)
    assert service.find_successor(old).id == new.id


def test_years_count_for_themselves(office, vote, on_notice, press) -> None:
    led(VOTE, vote, press, "publish")
    with transaction():
        year = clock.today(clock.now()).year
        assert proofs.next_number(year) == 2
        assert proofs.next_number(year + 1) == 1


def test_the_number_is_of_the_year_in_which_it_comes_out(office, vote, on_notice, press) -> None:
    now = clock.now()
    near, far = clock.today(now), clock.today(now) + timedelta(days=365)
    first, second = led(VOTE, vote, press, "begin"), led(NOTICE, on_notice, press, "begin")
    with transaction():
        drafter, _reviewer = actors()

    def generate(case_id, day) -> tuple[int, int]:
        with transaction():
            case = service.generate(case_id, publish_on=day, press=press, actor=drafter, now=now)
            assert f"〔{day.year}〕村规公示 {case.number:03}号" in case.content
            return case.year, case.number

    facts = {"press": press, "actor": drafter, "now": now}
    too_far = far + timedelta(days=1)
    refusal = refusal_of(service.generate, first, publish_on=too_far, **facts)
    assert refusal is Refusal.DAY_TOO_FAR
    assert generate(first, far) == (far.year, 1)
    assert generate(second, far) == (far.year, 2)
    refusal = refusal_of(service.generate, first, publish_on=near, **facts)
    assert refusal is Refusal.NUMBER_WOULD_MISS  # the second has the number after it
    assert generate(second, near) == (near.year, 1)
    assert generate(first, near) == (near.year, 2)
    assert generate(first, near) == (near.year, 2)
    assert proofs.next_number(far.year) == 1
