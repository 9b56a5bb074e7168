"""The planners' checks of the demonstration village: caps, a register of conflicts, scenarios."""

import random
from dataclasses import replace
from datetime import datetime
from decimal import Decimal

from portal.analysis import service
from portal.analysis.boundaries import BASIC, CONSTRUCTION, DEFAULT_PAIRS, ECOLOGICAL, VILLAGE
from portal.analysis.overlaps import Tolerance
from portal.analysis.projection import preset
from portal.analysis.rules import ConflictState, Preset
from portal.maps.rules import LayerKind
from portal.plans import service as plans

CORRIDOR = LayerKind.CORRIDOR.value
PAIRS = (*DEFAULT_PAIRS, (BASIC, ECOLOGICAL), (VILLAGE, ECOLOGICAL), (CORRIDOR, CONSTRUCTION))
TOLERANCE = Tolerance(250, Decimal(0))
"""A lane that crosses the green corridor is no conflict; a whole pond in the farmland is one."""
SETTLED = {
    (BASIC, CONSTRUCTION): (
        ConflictState.AGREED,
        "县自然资源和规划局",
        "供水站是已建的民生设施，报省里核减永久基本农田，在本村另补同样面积的水田。",
    ),
    (BASIC, ECOLOGICAL): (
        ConflictState.AGREED,
        "云岭镇农业农村办公室",
        "坑塘由承包户在2027年底前恢复成水田，镇里验收。",
    ),
    (CORRIDOR, CONSTRUCTION): (
        ConflictState.ACCEPTED,
        "县生态环境分局",
        "污水站必须靠近溪口，场地不再扩大，沿溪补种一排枫杨遮挡。",
    ),
}
"""What became of each kind of conflict; what is not here is still open."""
CHOICES = (
    (Preset.URBANISATION, "多数人进城", "160"),
    (Preset.ECOLOGY, "保山护水优先", "150"),
    (Preset.INDUSTRY, "茶叶和民宿做大", "185"),
    (Preset.OWN, "照现在的样子过", "178"),
)
"""Scenarios with the land a person that each supposes, in square metres."""


def load(*, rng: random.Random, now: datetime) -> None:
    """Check the plan that the village has, settle some conflicts, and compare four ways to go."""
    version = plans.find_current_version()
    if version is None:
        return
    service.set_tolerance(version.plan_id, TOLERANCE, PAIRS, now=now)
    service.set_caps(
        version.plan_id,
        construction_percent=Decimal("4.8"),
        eco_percent=Decimal("1.8"),
        per_capita_m2=Decimal(185),
        cap_source="云岭镇国土空间总体规划（示例）",
        linked_quota_ha=None,
        quota_source="",
        now=now,
    )
    service.keep(
        version.id, service.look(version.id, service.settings_of(version.plan_id)), now=now
    )
    for line in service.list_conflicts(version.id):
        if settled := SETTLED.get((line.first_set, line.second_set)):
            state, owner, proposal = settled
            service.settle(
                line.id,
                owner=owner,
                proposal=proposal,
                state=state,
                revision=line.revision,
                now=now,
            )
    facts = service.facts_of(plans.content_of(version, with_map=False))
    for which, title, land_m2 in CHOICES:
        service.add_scenario(
            version.plan_id,
            title=title,
            preset=which,
            facts=facts,
            parameters=replace(preset(which, facts), land_m2=Decimal(land_m2)),
            base_year=version.base_year,
            target_year=version.target_year,
            now=now,
        )
    service.see_lights(version.id, now=now)
