"""The register of conflicts: kept, found again, settled; two at once; lights that are told once."""

from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import delete, func, select

from portal.analysis import service, watching
from portal.analysis.events import LightChanged
from portal.analysis.intensity import Stage
from portal.analysis.models import (
    AnalysisSetting,
    ConflictCheck,
    IntensityLight,
    Scenario,
    SpatialConflict,
)
from portal.analysis.overlaps import Tolerance
from portal.analysis.projection import preset
from portal.analysis.rules import ConflictState, Light, Measure, Preset, Refusal
from portal.core.db import db, transaction
from portal.core.errors import Refused
from portal.core.outbox import OutboxEvent
from portal.core.scope import all_villages
from portal.maps.rules import LayerKind
from portal.plans import service as plans
from tests.analysis.conftest import NOON, VILLAGE, D, put

LATER = NOON + timedelta(days=1)
PAIR = [("ecological_redline", "village_boundary")]


def check(version_id, *, now=NOON, area=100, pairs=PAIR):
    plan_id = plans.get_version(version_id).plan_id
    with transaction():
        service.set_tolerance(plan_id, Tolerance(area, Decimal(0)), pairs, now=now)
    found = service.look(version_id, service.settings_of(plan_id))
    with transaction():
        service.keep(version_id, found, now=now)
    return service.list_conflicts(version_id)


def settle(line, *, state=ConflictState.AGREED, **changes):
    facts = {"owner": "林业站", "proposal": "调整边界", "revision": line.revision, **changes}
    with transaction():
        service.settle(line.id, state=state, now=NOON, **facts)


def test_a_check_is_kept_with_its_ratio(draft):
    lines = check(draft)
    assert [(x.number, x.first_patch, x.second_patch) for x in lines] == [
        (1, "1 E1", "1 V1"),
        (2, "2 E2", "2 V2"),
    ]
    assert [x.area_m2 for x in lines] == pytest.approx([5000, 500], abs=1)  # drawn to a centimetre
    assert [str(x.share_percent) for x in lines] == ["50.00", "10.00"]
    register = service.find_register(draft)
    assert (register.patches, register.conflicting, register.ratio) == (4, 4, D("100.00"))
    assert register.pairs[0][:4] == ("ecological_redline", "village_boundary", 4, 4)
    assert register.overlap_m2 == pytest.approx(5500, abs=1)
    assert register.area_ratio == D("13.92")  # 5500 of 39 500
    assert service.is_of_this_map(draft, register)


def test_a_new_check_keeps_owner_and_proposal_of_what_is_still_there(draft):
    first, second = check(draft)
    settle(first)
    settle(second)
    with transaction():  # the first is drawn anew and moved by two metres, the second is gone
        put(draft, LayerKind.VILLAGE_BOUNDARY, (152, 0, 250, 100), now=LATER)
    now_first, now_second = check(draft, now=LATER)
    assert now_first.id == first.id
    assert now_first.area_m2 == pytest.approx(4800, abs=1)
    assert (now_first.owner, now_first.proposal) == ("林业站", "调整边界")
    assert (now_first.state, now_first.is_present) == (ConflictState.AGREED, True)
    assert (now_second.id, now_second.is_present) == (second.id, False)
    settle(now_second, state=ConflictState.RESOLVED)
    with transaction():
        put(draft, LayerKind.VILLAGE_BOUNDARY, *VILLAGE, now=LATER)
    again = {line.id: line for line in check(draft, now=LATER)}
    assert again[second.id].is_present
    assert again[second.id].state is ConflictState.OPEN  # it was resolved, and is there again
    assert again[second.id].owner == "林业站"
    assert len(again) == 2


def test_the_next_version_takes_over_who_sees_to_what(published):
    first, _ = check(published)
    settle(first, state=ConflictState.ACCEPTED)
    with transaction():
        new = plans.start_new_version(published, now=LATER).id
    lines = check(new, now=LATER)
    assert [(x.owner, x.state) for x in lines] == [
        ("林业站", ConflictState.ACCEPTED),
        ("", ConflictState.OPEN),
    ]
    assert [x.owner for x in service.list_conflicts(published)] == ["林业站", ""]


def test_whoever_saw_an_older_state_is_told(draft):
    first, _ = check(draft)
    settle(first)
    with pytest.raises(Refused) as refused:
        settle(first, owner="住建所")
    assert refused.value.reason is Refusal.STALE
    assert service.list_conflicts(draft)[0].owner == "林业站"


def test_what_the_map_still_shows_is_not_resolved(draft):
    first, _ = check(draft)
    with pytest.raises(Refused) as refused:
        settle(first, state=ConflictState.RESOLVED)
    assert refused.value.reason is Refusal.STILL_THERE


def test_a_check_of_a_map_that_was_changed_since_is_not_kept(draft):
    found = service.look(draft, service.settings_of(plans.get_version(draft).plan_id))
    with transaction():
        put(draft, LayerKind.VILLAGE_BOUNDARY, (152, 0, 250, 100))
    with pytest.raises(Refused) as refused, transaction():
        service.keep(draft, found, now=NOON)
    assert refused.value.reason is Refusal.MAP_CHANGED
    assert service.find_register(draft) is None


def test_a_plan_without_a_map_has_nothing_to_compare(village):
    with transaction():
        version = plans.create_plan(
            name="空", base_year=2025, target_year=2035, compiled_by="", now=NOON
        )
    with pytest.raises(Refused) as refused:
        service.look(version.id, service.settings_of(version.plan_id))
    assert refused.value.reason is Refusal.NO_MAP


def test_two_checks_at_once_keep_each_conflict_once(draft, race):
    found = service.look(draft, service.settings_of(plans.get_version(draft).plan_id))
    db.session.remove()
    results = race(4, lambda _n: service.keep(draft, found, now=NOON) and None)
    assert [r for r in results if isinstance(r, BaseException)] == []
    assert db.session.scalar(select(func.count()).select_from(ConflictCheck)) == 1
    keys = db.session.scalars(select(SpatialConflict.key)).all()
    assert len(keys) == len(set(keys)) == len(found.overlaps)


def test_checks_at_once_after_the_first_keep_each_conflict_once(draft, race):
    """Red on PostgreSQL without the lock of `register._lock`: nothing else makes them wait.

    What they found is what was found before, so that none of them writes the check's own row.
    """
    assert len(check(draft)) == 2
    found = service.look(draft, service.settings_of(plans.get_version(draft).plan_id))
    with transaction():
        db.session.execute(delete(SpatialConflict))
    db.session.remove()
    results = race(4, lambda _n: service.keep(draft, found, now=NOON) and None)
    assert [r for r in results if isinstance(r, BaseException)] == []
    keys = db.session.scalars(select(SpatialConflict.key)).all()
    assert len(keys) == len(set(keys)) == 2


def test_of_two_who_settle_at_once_one_is_told(draft, race):
    first, _ = check(draft)
    db.session.remove()

    def settle_it(_n):
        service.settle(
            first.id, owner="林业站", proposal="调整", state=ConflictState.AGREED,
            revision=first.revision, now=NOON,
        )  # fmt: skip

    results = race(4, settle_it)
    refused = [r.reason for r in results if isinstance(r, Refused)]
    assert refused == [Refusal.STALE] * 3
    assert service.list_conflicts(draft)[0].revision == first.revision + 1


def test_two_who_set_caps_for_the_first_time_make_one_row(draft, race):
    plan_id = plans.get_version(draft).plan_id
    db.session.remove()
    results = race(
        4,
        lambda _n: service.set_tolerance(plan_id, Tolerance(7, Decimal(0)), PAIR, now=NOON),
    )
    assert results == [None] * 4
    assert db.session.scalar(select(func.count()).select_from(AnalysisSetting)) == 1


def scenario(plan_id, title, facts):
    return service.add_scenario(
        plan_id, title=title, preset=Preset.OWN, facts=facts,
        parameters=preset(Preset.OWN, facts), base_year=2025, target_year=2035, now=NOON,
    )  # fmt: skip


@pytest.fixture
def start(draft):
    version = plans.get_version(draft)
    return version.plan_id, service.facts_of(plans.content_of(version))


def test_scenarios_start_from_the_plan(start):
    _, facts = start
    assert (facts.people, facts.cap_ha, facts.farmland_ha) == (D(2000), D("21.5"), D(40))


def test_at_most_four_scenarios_are_in_use_and_a_retired_one_stays_readable(start):
    plan_id, facts = start
    with transaction():
        made = [scenario(plan_id, title, facts).id for title in "甲乙丙丁"]
    with pytest.raises(Refused) as refused, transaction():
        scenario(plan_id, "戊", facts)
    assert refused.value.reason is Refusal.SCENARIO_SLOTS_FULL
    with transaction():
        service.retire(made[1], now=LATER)
        scenario(plan_id, "戊", facts)
    assert [s.title for s in service.list_scenarios(plan_id)] == ["甲", "戊", "丙", "丁"]
    old = service.get_scenario(made[1])
    assert (old.title, old.is_retired, old.end.people) == ("乙", True, 2000)
    with pytest.raises(Refused) as refused, transaction():
        service.retire(made[1], now=LATER)
    assert refused.value.reason is Refusal.ALREADY_RETIRED


def test_a_name_is_used_once_and_a_wild_number_is_refused(start):
    plan_id, facts = start
    with transaction():
        scenario(plan_id, "甲", facts)
    with pytest.raises(Refused) as refused, transaction():
        scenario(plan_id, "甲", facts)
    assert refused.value.reason is Refusal.TITLE_TAKEN


def test_a_scenario_that_was_tampered_with_is_noticed(start):
    plan_id, facts = start
    with transaction():
        made = scenario(plan_id, "甲", facts).id
    assert service.recheck(made)
    with transaction():
        row = db.session.get_one(Scenario, made)
        row.parameters = {**row.parameters, "growth_percent": "5"}
    assert not service.recheck(made)


def test_two_scenarios_at_once_never_share_a_slot(start, race):
    plan_id, facts = start
    db.session.remove()
    results = race(6, lambda n: scenario(plan_id, "甲乙丙丁戊己"[n], facts) and None)
    reasons = {r.reason for r in results if isinstance(r, Refused)}
    assert [r for r in results if isinstance(r, BaseException) and not isinstance(r, Refused)] == []
    assert reasons <= {Refusal.STALE, Refusal.SCENARIO_SLOTS_FULL}
    slots = db.session.scalars(select(Scenario.slot)).all()
    assert len(slots) == len(set(slots)) == results.count(None)


def lights(version_id):
    rows = db.session.execute(
        select(IntensityLight.measure, IntensityLight.light).where(
            IntensityLight.version_id == version_id
        )
    )
    return {measure: light for measure, light in rows}


def events():
    query = select(OutboxEvent.facts).where(OutboxEvent.kind == LightChanged.kind)
    return [
        (facts["measure"], facts["before"], facts["light"])
        for facts in db.session.scalars(query.order_by(OutboxEvent.id))
    ]


def set_caps(version_id, *, share, now):
    service.set_caps(
        plans.get_version(version_id).plan_id, construction_percent=share, eco_percent=None,
        per_capita_m2=None, cap_source="", linked_quota_ha=None, quota_source="", now=now,
    )  # fmt: skip


def test_the_measures_are_as_by_hand(draft):
    version = plans.get_version(draft)
    readings = {
        r.measure: r
        for r in service.intensity_of(
            plans.content_of(version), service.settings_of(version.plan_id)
        )
    }
    share = readings[Measure.CONSTRUCTION_SHARE]
    assert (share.base, share.target) == (D("20.00"), D("21.00"))
    person = readings[Measure.PER_CAPITA]  # 21 ha = 210 000 m² for 2000 people
    assert (person.base, person.target) == (D("100.00"), D("105.00"))
    nature = readings[Measure.ECO_OCCUPATION]  # 50 × 100 and 100 × 100 of 200 × 100 + 100 × 100
    assert nature.target == D("50.00")
    assert nature.base is None
    assert share.light(Stage.TARGET) is Light.GREY


def test_a_change_of_light_is_told_once(draft):
    with transaction(), all_villages("a chore"):
        assert watching.watch(now=LATER) == 1
    assert set(lights(draft).values()) == {Light.GREY}
    assert events() == []  # without a cap there is nothing to warn of
    for hours, share, told in (
        (1, D(30), [("construction_share", "grey", "green")]),
        (2, D(23), [("construction_share", "green", "yellow")]),
        (3, D(23), []),
        (4, D(20), [("construction_share", "yellow", "red")]),
    ):
        before = len(events())
        now = LATER + timedelta(hours=hours)
        with transaction():
            set_caps(draft, share=share, now=now)
        for minutes in (1, 2):
            with transaction(), all_villages("a chore"):
                watching.watch(now=now + timedelta(minutes=minutes))
        assert events()[before:] == told
    assert lights(draft)[Measure.CONSTRUCTION_SHARE] is Light.RED
    assert [(r.title, r.measures) for r in service.list_red()] == [
        ("青溪村规划", (Measure.CONSTRUCTION_SHARE,))
    ]


def test_a_version_that_nobody_changed_is_not_looked_at_again(draft):
    with transaction(), all_villages("a chore"):
        assert (watching.watch(now=LATER), watching.watch(now=LATER)) == (1, 0)
    with transaction():
        put(draft, LayerKind.VILLAGE_BOUNDARY, *VILLAGE, now=LATER + timedelta(minutes=1))
    with transaction(), all_villages("a chore"):
        assert watching.watch(now=LATER + timedelta(minutes=2)) == 1


def test_two_who_see_a_new_light_at_once_tell_it_once(draft, race):
    with transaction():
        set_caps(draft, share=D(20), now=NOON)
    db.session.remove()
    results = race(4, lambda _n: service.see_lights(draft, now=LATER) and None)
    assert results == [None] * 4
    assert events() == [("construction_share", "", "red")]


def test_a_setting_of_another_plan_changes_nothing_here(draft):
    with transaction():
        other = plans.create_plan(
            name="另一个", base_year=2025, target_year=2035, compiled_by="", now=NOON
        )
        service.set_tolerance(other.plan_id, Tolerance(9, D(1)), PAIR, now=NOON)
    plan_id = plans.get_version(draft).plan_id
    assert service.settings_of(plan_id).tolerance == Tolerance(100, D(0))
