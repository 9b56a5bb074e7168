"""The length of every notice with its source, and what regions have otherwise. Pure.

The table of domain.md §2.1. A village, its township or county may set a span of its own; never one
below the floor that national law sets.
"""

from collections.abc import Mapping

from portal.notices.rules import NoticeType as T
from portal.notices.rules import Refusal, Span, Unit

MEETINGS = (T.MEETING_VM, T.MEETING_VR, T.MEETING_REO)
EVENTFUL = (*MEETINGS, T.PLAN_APPROVED)
"""Notices that hang on the day of something else: a meeting, an approval."""


def _days(length: int, citation: str) -> Span:
    return Span(length=length, unit=Unit.DAYS, citation=citation)


def _working(length: int, citation: str) -> Span:
    return Span(length=length, unit=Unit.WORKING_DAYS, citation=citation)


def _before(length: int, citation: str) -> Span:
    return Span(length=length, unit=Unit.DAYS_BEFORE, citation=citation)


def _approved(within: int, unit: Unit, citation: str) -> Span:
    return Span(length=30, unit=Unit.DAYS, within=within, within_unit=unit, citation=citation)


DEFAULTS: Mapping[T, Span] = {
    T.PLAN_DRAFT: _days(30, "《城乡规划法》第二十六条"),
    T.PLAN_APPROVED: _approved(20, Unit.DAYS, "参照绍兴第十一条、衢州第十条：批准后二十日内"),
    T.MAJOR_DECISION: _days(30, "《重大行政决策程序暂行条例》第十五条"),
    T.HERITAGE_CORE: _days(20, "《历史文化名城名镇名村保护条例》第二十九条"),
    T.HOMESTEAD: _days(10, "国家未规定天数(《土地管理法实施条例》第三十四条)；缺省10日"),
    T.HOUSING_NEED: _days(7, "参照《衢州市农村住房建设管理条例》"),
    T.LAND_TAKE_PRE: _working(10, "《土地管理法实施条例》第二十六条"),
    T.LAND_TAKE_PLAN: _days(30, "《土地管理法》第四十七条、实施条例第二十八条"),
    T.MEETING_VM: _before(10, "《村民委员会组织法》(2018)第二十一条"),
    T.MEETING_VR: _before(5, "国家未规定天数；缺省5日"),
    T.MEETING_REO: _before(10, "《农村集体经济组织法》第二十七条"),
    T.VOTER_ROLL: _days(20, "《村民委员会组织法》(2018)第十四条"),
    T.VILLAGE_AFFAIRS: _days(5, "参照《山东省村务公开条例》第十三条"),
    T.POINTS: _days(5, "无法定天数；缺省5日，可设3至7日"),
    T.DESIGN_PLAN: _days(10, "参照《上海市城乡规划条例》"),
}
"""The span of each type where nobody has set another; Organic Law articles as of 2018 (§ of the
law as amended in 2026 may be another one, so the source is shown, never reckoned with)."""

REGIONS: Mapping[T, tuple[tuple[str, Span], ...]] = {
    T.PLAN_APPROVED: (
        ("3306", _approved(20, Unit.DAYS, "《绍兴市村庄规划建设条例》第十一条")),
        ("3308", _approved(20, Unit.DAYS, "《衢州市农村住房建设管理条例》第十条")),
    ),
    T.HOMESTEAD: (
        ("33", _days(10, "参照绍兴、衢州条例：乡镇公示十日")),
        ("31", _days(30, "《上海市城乡规划条例》：三十日")),
        ("4415", _working(5, "《汕尾市农村建房条例》：五个工作日")),
    ),
    T.MEETING_VR: (
        ("33", _before(3, "浙江省实施《村民委员会组织法》办法")),
        ("11", _before(3, "北京市实施《村民委员会组织法》的若干规定")),
        ("46", _before(3, "海南省实施《村民委员会组织法》办法(修正)")),
        ("37", _before(5, "山东省实施《村民委员会组织法》办法")),
        ("31", _before(10, "上海市实施《村民委员会组织法》办法")),
    ),
    T.DESIGN_PLAN: (
        ("31", _days(10, "《上海市城乡规划条例》：十日")),
        ("3705", _days(7, "《东营市城乡规划条例》：七日")),
        ("4110", _days(7, "《许昌市城乡规划条例》：七日")),
    ),
}
"""What regions have otherwise, by the first digits of the village's code."""

FLOORS: Mapping[T, int] = {
    T.PLAN_DRAFT: 30,
    T.MAJOR_DECISION: 30,
    T.HERITAGE_CORE: 20,
    T.LAND_TAKE_PRE: 10,
    T.LAND_TAKE_PLAN: 30,
    T.MEETING_VM: 10,
    T.MEETING_REO: 10,
    T.VOTER_ROLL: 20,
    T.POINTS: 3,
}
"""Below these no region may go: national law, or domain.md's own bounds."""

MAY_BE_SHORTER = frozenset({T.MAJOR_DECISION})
"""一般不少于: a single notice may be shorter, with a reason that is published."""


def preset(kind: T, *, village_code: str) -> Span:
    """Return the span of a type where a village is: its region's, else the default."""
    found = [
        (len(start), span)
        for start, span in REGIONS.get(kind, ())
        if village_code.startswith(start)
    ]
    return max(found, key=lambda pair: pair[0])[1] if found else DEFAULTS[kind]


def why_not_set(kind: T, *, length: int) -> Refusal | None:
    """Say why a region cannot set this length: it is below the floor of the law."""
    return Refusal.BELOW_FLOOR if length < FLOORS.get(kind, 1) else None


def why_not_shorter(kind: T, *, length: int, least: int, reason: str) -> Refusal | None:
    """Say why a single notice cannot be this short: only some may, and with a reason."""
    if length >= least:
        return None
    if kind not in MAY_BE_SHORTER:
        return Refusal.BELOW_FLOOR
    return None if reason.strip() else Refusal.SHORTER_NEEDS_REASON
