"""What the template explains and shows: example rows for each table, in each language."""

from collections.abc import Mapping
from decimal import Decimal

from portal.intake.columns import Table
from portal.intake.tabling import Rows

INTRODUCTION: tuple[tuple[str, ...], tuple[str, ...]] = (
    (
        "怎么填",
        "每张表第一行是列名，请不要改动；不需要的列可以空着，不需要的表可以删掉。",
        "第一格写着“示例”的灰色行只作参考，导入时自动略过；在它下面接着填，或者删掉它。",
        "面积单位为公顷。也可以在列名或单元格里写亩、平方米、平方公里，导入时换算："
        "15 亩 = 1 公顷，10000 平方米 = 1 公顷，1 平方公里 = 100 公顷。",
        "投资估算单位为万元，换算到元必须是整数；也可以把列名改成“投资估算（元）”。",
        "目标表的“对应目标”写目标的序号，可以带权重：1:0.6；3:0.4（同一目标下权重之和为 1）。",
        "近期建设项目表的“支撑指标”写指标代码或指标名称，多个用顿号隔开。",
        "用地结构调整表每个地类代码（2023 年版）只写一行；合计、小计行会自动核对，不会导入。",
        "管制规则的代码 0101、0201 等既是管控分区也是地类，请在“对象类型”里选清楚。",
        "导入前先看核对结果：有一处错误就什么都不写入，每一处错误都会指出工作表、行、列和原因。",
    ),
    (
        "How to fill it in",
        "The first row of each sheet names the columns; leave it as it is. Columns may stay empty,"
        " sheets that you do not need may be deleted.",
        "Grey rows that begin with “Example” are passed over. Write below them, or delete them.",
        "Areas are in hectares. You may write mu (亩), m² or km² in the head or in a cell:"
        " 15 mu = 1 ha, 10,000 m² = 1 ha, 1 km² = 100 ha.",
        "Costs are in 10,000 yuan (万元) and must come to whole yuan.",
        "Goals measured: the numbers of the goals, with weights if you like: 1:0.6；3:0.4.",
        "Supports: the codes or names of indicators, with commas between them.",
        "Each land-use code (2023 edition) has one row; sums are compared and not imported.",
        "Codes such as 0101 are both a zone and a class: say in “Subject kind” which you mean.",
        "You see first what was understood. With one fault nothing is written, and every fault is"
        " named with its sheet, row, column and reason.",
    ),
)
HINTS: tuple[Mapping[str, str], Mapping[str, str]] = (
    {
        "title": "必填，例如：××村实用性村庄规划",
        "kind": "实用性村庄规划、专项规划、融合单元规划、项目清单",
        "base_year": "必填，四位年份，例如 2025",
        "target_year": "必填，四位年份，例如 2035",
        "population": "人",
        "area_ha": "公顷",
        "legal_basis": "一行一条（单元格内用 Alt+回车换行）",
        "sentences": "五句话，一行一句",
        "figures": "三行，每行：数字 | 单位 | 是什么，例如 1140 | 亩 | 永久基本农田",
    },
    {
        "title": "Needed",
        "kind": "Village plan, Special plan, Fusion-unit plan, List of projects",
        "base_year": "Needed, four digits, such as 2025",
        "target_year": "Needed, four digits, such as 2035",
        "population": "People",
        "area_ha": "Hectares",
        "legal_basis": "One a line (Alt+Enter within the cell)",
        "sentences": "Five sentences, one a line",
        "figures": "Three lines: number | unit | what it is",
    },
)
EXAMPLES: Mapping[Table, tuple[Rows, Rows]] = {
    Table.GOALS: (
        [{"title": "守住耕地和山林", "text": "永久基本农田一亩不少。"}],
        [{"title": "Keep fields and forests", "text": "Not one mu of farmland less."}],
    ),
    Table.INDICATORS: (
        [
            {
                "code": "arable_land_retained", "name": "耕地保有量", "kind": "约束性",
                "unit": "公顷", "direction": "不低于", "base": Decimal("76.2"),
                "target": Decimal("76.2"), "lower_limit": Decimal("76"), "goals": "1",
            }
        ],
        [
            {
                "code": "arable_land_retained", "name": "Arable land", "kind": "binding",
                "unit": "ha", "direction": "at least", "base": Decimal("76.2"),
                "target": Decimal("76.2"), "lower_limit": Decimal("76"), "goals": "1",
            }
        ],
    ),
    Table.STRUCTURE: (
        [{"code": "0101", "base_ha": Decimal("70.5"), "target_ha": Decimal("70.5")}],
        [{"code": "0101", "base_ha": Decimal("70.5"), "target_ha": Decimal("70.5")}],
    ),
    Table.PROJECTS: (
        [
            {
                "name": "溪头路拓宽", "kind": "基础设施", "content": "1.2 公里，拓宽到 5 米",
                "location": "溪头", "area_ha": Decimal("0.6"), "year": "2026–2027",
                "cost": Decimal("186"), "funding": "村集体、交通补助", "responsible": "村民委员会",
                "helper": "乡交管站", "supervisor": "村务监督委员会", "groups": "1、3",
                "indicators": "arable_land_retained",
            }
        ],
        [
            {
                "name": "Wider road", "kind": "Infrastructure", "content": "1.2 km, 5 m wide",
                "year": "2026–2027", "cost": Decimal("186"), "responsible": "Village committee",
                "groups": "1, 3", "indicators": "arable_land_retained",
            }
        ],
    ),
    Table.FACILITIES: (
        [{"kind": "村卫生所", "name": "卫生室", "status": "规划", "radius_m": 1000}],
        [{"kind": "Health", "name": "Clinic", "status": "planned", "radius_m": 1000}],
    ),
    Table.CONTROLS: (
        [
            {
                "kind": "管控分区", "subject": "0202", "title": "永久基本农田不得占用",
                "text": "非经依法批准，任何单位和个人不得占用。",
            }
        ],
        [
            {
                "kind": "zone", "subject": "0202", "title": "Farmland stays farmland",
                "text": "Nobody may build on it without approval by law.",
            }
        ],
    ),
    Table.TIMETABLE: (
        [{"stage": "公示", "when": "2026 年 3 月", "text": "30 日"}],
        [{"stage": "Notice", "when": "March 2026", "text": "30 days"}],
    ),
    Table.TEXT: (
        [{"title": "规划范围", "text": "可以写 Markdown：空一行分段，- 开头是列表。"}],
        [{"title": "Scope", "text": "Markdown: an empty line makes a paragraph."}],
    ),
}  # fmt: skip
