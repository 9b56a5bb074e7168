"""The tables of a plan as people write them: sheets, columns, and all their other names. Pure."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from portal.intake.cells import AREAS, MONEY, Unit, narrow


class Table(StrEnum):
    """A table that a workbook may hold."""

    OVERVIEW = "overview"
    GOALS = "goals"
    INDICATORS = "indicators"
    STRUCTURE = "structure"
    PROJECTS = "projects"
    FACILITIES = "facilities"
    CONTROLS = "controls"
    TIMETABLE = "timetable"
    TEXT = "text"


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its name in both editions of the template, and what else it is called."""

    zh: str
    en: str
    also: tuple[str, ...] = ()
    needed: bool = False
    units: Mapping[str, Unit] | None = None

    @property
    def names(self) -> tuple[str, ...]:
        """Return every name."""
        return (self.zh, self.en, *self.also)


@dataclass(frozen=True, slots=True)
class Layout:
    """A table: the names of its sheet, and its columns in the order of the template."""

    zh: str
    en: str
    also: tuple[str, ...]
    columns: Mapping[str, Column]

    @property
    def names(self) -> tuple[str, ...]:
        """Return every name of the sheet."""
        return (self.zh, self.en, *self.also)


_NUMBER = Column("序号", "No.", ("编号", "number", "no", "#", "项次"))
_LOCATION = Column("位置", "Location", ("地点", "建设地点", "所在位置", "选址", "where"))
LAYOUTS: Mapping[Table, Layout] = {
    Table.OVERVIEW: Layout(
        "规划概况", "Overview", ("概况", "基本情况", "规划基本信息", "基本信息"),
        {
            "key": Column("项目", "Item", ("名称", "指标项", "what"), needed=True),
            "value": Column("内容", "Content", ("值", "填写内容", "value"), needed=True),
            "hint": Column("填写说明", "How to fill it in", ("说明", "备注", "note")),
        },
    ),
    Table.GOALS: Layout(
        "目标", "Goals", ("规划目标", "战略目标", "目标清单"),
        {
            "number": _NUMBER,
            "title": Column("目标", "Goal", ("目标名称", "规划目标", "战略目标"), needed=True),
            "text": Column("说明", "Description", ("目标说明", "内容", "描述", "具体内容")),
        },
    ),
    Table.INDICATORS: Layout(
        "目标表", "Indicators",
        ("指标", "指标表", "规划指标表", "规划指标一览表", "规划指标", "目标表(指标)", "指标体系"),
        {
            "number": _NUMBER,
            "code": Column("指标代码", "Code", ("代码", "指标编码", "编码", "indicator code")),
            "name": Column("指标", "Indicator", ("指标名称", "名称", "name"), needed=True),
            "kind": Column("属性", "Nature", ("指标属性", "指标性质", "性质", "kind"), needed=True),
            "unit": Column("单位", "Unit", ("计量单位", "指标单位"), needed=True),
            "direction": Column(
                "方向", "Direction", ("指标方向", "控制方向", "目标方向", "控制要求")
            ),
            "base": Column(
                "规划基期年", "Base year",
                ("基期年", "基期", "基期值", "现状值", "基期年值", "现状基期", "base", "baseline"),
            ),
            "target": Column(
                "规划目标年", "Target year", ("目标年", "目标值", "规划值", "目标年值", "target"),
            ),
            "change": Column("变化量", "Change", ("变化", "增减", "增减量", "变化值")),
            "current": Column("现状更新值", "Current", ("现状更新", "最新值", "current value")),
            "lower_limit": Column(
                "上位下限", "Lower limit", ("下限", "上级下限", "不低于", "上位规划下限")
            ),
            "upper_limit": Column(
                "上位上限", "Upper limit", ("上限", "上级上限", "不超过", "上位规划上限", "cap")
            ),
            "goals": Column(
                "对应目标", "Goals measured", ("支撑目标", "所属目标", "目标序号", "目标", "goals")
            ),
        },
    ),
    Table.STRUCTURE: Layout(
        "用地结构调整表", "Land-use structure",
        ("用地结构", "国土空间功能结构调整表", "空间功能结构调整表", "用地结构表", "land use"),
        {
            "name": Column("类别名称", "Class", ("地类", "地类名称", "用地类型", "名称")),
            "code": Column(
                "代码", "Code", ("地类代码", "用地代码", "地类编码", "dlbm", "类别代码"),
                needed=True,
            ),
            "town": Column("城镇内", "In town", ("是否城镇", "城镇属性", "位于城镇内", "czcsxm")),
            "base_ha": Column(
                "基期年面积", "Base year area",
                ("基期面积", "现状面积", "规划基期年面积", "规划基期年", "基期年", "现状", "基期",
                 "base area", "base"),
                units=AREAS,
            ),
            "base_share": Column(
                "基期年比重", "Base year share",
                ("基期比重", "规划基期年比重", "基期年占比", "现状比重", "现状占比", "基期占比",
                 "规划基期年占比", "base share"),
            ),
            "target_ha": Column(
                "目标年面积", "Target year area",
                ("目标面积", "规划面积", "规划目标年面积", "规划目标年", "目标年", "规划", "目标",
                 "target area", "target"),
                units=AREAS,
            ),
            "target_share": Column(
                "目标年比重", "Target year share",
                ("目标比重", "规划目标年比重", "目标年占比", "规划比重", "规划占比", "目标占比",
                 "规划目标年占比", "target share"),
            ),
            "change_ha": Column(
                "面积变化", "Change", ("变化", "变化量", "增减", "面积增减", "调整量"), units=AREAS
            ),
        },
    ),
    Table.PROJECTS: Layout(
        "近期建设项目表", "Projects",
        ("近期项目", "项目", "项目清单", "近期建设项目", "建设项目表", "近期实施项目表"),
        {
            "code": Column("序号", "No.", ("编号", "项目编号", "项目序号", "number", "code")),
            "name": Column("项目名称", "Project", ("项目", "名称", "建设项目"), needed=True),
            "kind": Column("类型", "Kind", ("项目类型", "项目类别", "类别", "type")),
            "content": Column(
                "建设内容与规模", "What and how much",
                ("建设内容", "建设规模", "内容", "建设内容及规模", "主要建设内容"),
            ),
            "location": _LOCATION,
            "area_ha": Column("用地面积", "Area", ("占地面积", "面积", "用地规模"), units=AREAS),
            "year": Column(
                "建设时序", "Years", ("年度", "建设年限", "建设时间", "建设年度", "year")
            ),
            "cost": Column(
                "投资估算", "Cost",
                ("投资", "估算投资", "总投资", "投资金额", "投资规模", "estimated cost"),
                units=MONEY,
            ),
            "funding": Column("资金来源", "Funding", ("资金渠道", "money from")),
            "responsible": Column(
                "责任主体", "Responsible", ("责任单位", "实施主体", "建设单位", "牵头单位")
            ),
            "helper": Column("配合单位", "Helps", ("协助单位", "配合主体", "配合部门")),
            "supervisor": Column("监督单位", "Supervises", ("监督主体", "监管单位")),
            "deadline": Column("完成期限", "Deadline", ("完成时间", "竣工时间", "完成日期")),
            "groups": Column(
                "涉及村民小组", "Groups", ("涉及小组", "村民小组", "小组", "涉及组")
            ),
            "indicators": Column(
                "支撑指标", "Supports", ("对应指标", "指标", "支撑指标代码", "indicators")
            ),
            "state": Column("状态", "State", ("项目状态", "进展")),
        },
    ),
    Table.FACILITIES: Layout(
        "设施", "Facilities",
        ("公共服务设施", "公服表", "公共服务设施表", "设施表", "公服设施", "公共设施"),
        {
            "number": _NUMBER,
            "kind": Column("类型", "Kind", ("设施类型", "设施类别", "类别", "type"), needed=True),
            "name": Column("设施名称", "Name", ("名称", "设施")),
            "status": Column("状态", "Status", ("规划状态", "现状/规划", "建设状态", "性质")),
            "location": _LOCATION,
            "longitude": Column("经度", "Longitude", ("lon", "lng", "x")),
            "latitude": Column("纬度", "Latitude", ("lat", "y")),
            "radius_m": Column("服务半径", "Radius", ("半径", "服务半径米", "serves")),
            "note": Column("备注", "Note", ("说明", "规模", "remarks")),
        },
    ),
    Table.CONTROLS: Layout(
        "管制规则", "Control rules",
        ("空间管制", "管控规则", "国土空间管控表", "用途管制规则", "管制规则表", "空间管控表"),
        {
            "number": _NUMBER,
            "kind": Column("对象类型", "Subject kind", ("管控类型", "对象类别", "类型")),
            "subject": Column(
                "管控对象", "Subject", ("对象", "分区", "对象代码", "管控分区", "代码"), needed=True
            ),
            "title": Column("规则名称", "Rule", ("名称", "标题", "规则", "title"), needed=True),
            "text": Column(
                "管制要求", "What holds", ("要求", "内容", "管控要求", "规则内容"), needed=True
            ),
        },
    ),
    Table.TIMETABLE: Layout(
        "时间表", "Timetable", ("进度安排", "实施时间表", "进度表", "工作安排", "schedule"),
        {
            "number": _NUMBER,
            "stage": Column("阶段", "Stage", ("环节", "步骤", "事项", "工作阶段"), needed=True),
            "when": Column("时间", "When", ("起止时间", "日期", "期限", "时限"), needed=True),
            "text": Column("说明", "Description", ("内容", "备注", "工作内容")),
        },
    ),
    Table.TEXT: Layout(
        "正文", "Text", ("规划文本", "文本", "全文", "章节", "full text"),
        {
            "number": _NUMBER,
            "title": Column("标题", "Heading", ("章节", "章节标题", "章名"), needed=True),
            "text": Column("正文", "Text", ("内容", "正文内容", "markdown"), needed=True),
        },
    ),
}  # fmt: skip

_BRACKET = re.compile(r"[(\[【（]([^)\]】）]*)[)\]】）]")
_YEAR = re.compile(r"(19|20)[0-9]{2}年?")


def plain(name: str) -> str:
    """Return a name of a sheet or column as it is compared: no blanks, brackets, years or case."""
    text = _BRACKET.sub("", narrow(name)).lower()
    text = re.sub(r"[\s*:：、,./·_\-]+", "", text)
    return _YEAR.sub("", text) or _YEAR.sub("", narrow(name).lower())


def unit_in(name: str, units: Mapping[str, Unit]) -> Unit | None:
    """Return the unit that the head of a column says in brackets or at its end."""
    head = narrow(name)
    for inner in _BRACKET.findall(head):
        for part in (inner, *re.split(r"[,，;；:：\s]+", inner)):
            if found := units.get(part.strip().lower()):
                return found
    tail = re.split(r"[\s/:：]+", head.strip())[-1].lower()
    return units.get(tail)


SHEETS: Mapping[str, Table] = {
    plain(name): table for table, layout in reversed(list(LAYOUTS.items())) for name in layout.names
}
"""Every name of a sheet, as ``plain`` makes it."""
HEADS: Mapping[Table, Mapping[str, str]] = {
    table: {
        plain(name): key
        for key, column in reversed(list(layout.columns.items()))
        for name in reversed(column.names)
    }
    for table, layout in LAYOUTS.items()
}
"""Every name of a column of each table, as ``plain`` makes it."""


def table_named(name: str) -> Table | None:
    """Return the table that a sheet or file of this name holds."""
    text = plain(re.sub(r"^[0-9一二三四五六七八九十]+[.、_\- ]*", "", name.strip()))
    text = re.sub(r"^(表|附表|table)[0-9]*", "", text) or text
    if text in SHEETS:
        return SHEETS[text]
    inside = [key for key in SHEETS if len(key) >= 3 and key in text]
    return SHEETS[max(inside, key=len)] if inside else None
