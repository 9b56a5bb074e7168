"""Which column of a stranger's table says what: code, name, number, area; and what a layer may be.

Column names are those of the usual Chinese standards (pinyin initials) and their plain words. A
Shapefile cuts names after ten bytes, so a cut name counts too.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from statistics import median

from portal.maps.rules import Family, LayerKind

_PLANNED = (
    "GHYDDM", "GHDLBM", "GHDLDM", "YDYHFLDM", "YDDLDM", "YDFLDM", "规划地类代码", "规划地类编码",
    "规划用地代码", "用地用海代码", "用地用海分类代码", "用地代码", "用地分类代码",
)  # fmt: skip
BASE_CODE = (
    "base_code", "JQDLBM", "JQDLDM", "JQYDDM", "XZDLBM", "XZDLDM", "XZYDDM", "现状地类编码",
    "现状地类代码", "现状用地代码", "现状代码", "基期地类编码", "基期地类代码", "基期用地代码",
)  # fmt: skip
_SURVEYED = ("DLBM", "DLDM", "地类编码", "地类代码", "地类编号")
_OWN = ("code", "landuse")
CODES: Mapping[LayerKind | None, tuple[str, ...]] = {
    None: (*_OWN, *_PLANNED, *_SURVEYED),
    LayerKind.LAND_USE: (*_OWN, *_PLANNED, *_SURVEYED),
    LayerKind.LAND_USE_BASE: (*_OWN, *BASE_CODE, *_SURVEYED, *_PLANNED),
    LayerKind.CONTROL_ZONE: (
        "code", "zone", "GKQDM", "GZQDM", "GKBJDM", "GHFQDM", "管控区代码", "管控边界代码",
        "管控代码", "分区代码", "类型代码", "代码", "DM",
    ),
    LayerKind.GROUP_AREA: (
        "group", "code", "number", "ZBH", "ZH", "组号", "小组编号", "村民小组编号", "组别", "小组",
        "村民小组", "ZMC", "组名", "小组名称", "name", "名称", "MC",
    ),
    LayerKind.FACILITY: ("code", "kind", "SSLX", "SSDM", "设施类型", "设施代码", "类型"),
}  # fmt: skip
CLASS_NAMES: Mapping[LayerKind | None, tuple[str, ...]] = {
    LayerKind.LAND_USE: (
        "GHYDMC", "GHDLMC", "YDYHFLMC", "YDDLMC", "规划用地名称", "用地用海名称", "用地名称",
        "用地性质", "DLMC", "地类名称",
    ),
    LayerKind.LAND_USE_BASE: (
        "JQDLMC", "XZDLMC", "现状地类名称", "现状用地名称", "DLMC", "地类名称", "用地名称",
    ),
}  # fmt: skip
NAMES = (
    "name", "名称", "MC", "VILLNAME", "XZQMC", "地块名称", "DKMC", "项目名称", "XMMC", "设施名称",
    "SSMC", "组名", "小组名称", "ZMC", "村名", "CMC", "ZLDWMC", "地名", "DMMC",
    "自然村名称", "ZRCMC", "Text",
)  # fmt: skip
REFS = ("ref", "project", "编号", "项目编号", "XMBH", "BH", "序号", "XH")
_AREA = re.compile(r"面积|亩数|公顷数|^[A-Z]{0,4}MJ([_ (（].*)?$|^area([_ (].*)?$", re.IGNORECASE)
_UNITS = (
    ("km²", 1_000_000.0, re.compile(r"平方公里|平方千米|km2|km²|sqkm|sq_km", re.IGNORECASE)),
    ("ha", 10_000.0, re.compile(r"公顷|hm2|hm²|(^|[_ (（])ha([_ )）]|$)|hectare", re.IGNORECASE)),
    ("mu (亩)", 2000 / 3, re.compile(r"亩|(^|[_ (（])mu([_ )）]|$)", re.IGNORECASE)),
    ("m²", 1.0, re.compile(r"平方米|平米|㎡|m2|m²|sqm", re.IGNORECASE)),
)
_KINDS: Sequence[tuple[LayerKind, str]] = (
    (LayerKind.LAND_USE_BASE, "现状用地 用地现状 现状地类 利用现状 基期 jqyd jqdl xzyd xzdl base"),
    (LayerKind.PERMANENT_BASIC_FARMLAND, "基本农田 yjjbnt jbnt farmland"),
    (LayerKind.ECOLOGICAL_REDLINE, "生态保护红线 生态红线 stbhhx sthx redline"),
    (LayerKind.URBAN_BOUNDARY, "城镇开发边界 开发边界 czkfbj urban"),
    (LayerKind.VILLAGE_BOUNDARY, "建设边界 建设区边界 czjsbj cjsbj jsbj construction_boundary"),
    (LayerKind.CONTROL_ZONE, "管控 管制 空间分区 规划分区 gkbj gzq gkq ghfq kjgk zone"),
    (LayerKind.GROUP_AREA, "村民小组 小组 组界 cmxz group"),
    (LayerKind.HAZARD, "灾害 隐患 风险 dzzh hazard"),
    (LayerKind.HERITAGE, "文物 历史 文化遗产 文保 古 lswh wwbh heritage"),
    (LayerKind.CORRIDOR, "廊道 stld corridor"),
    (LayerKind.FACILITY, "设施 ggfw ggss facilit"),
    (LayerKind.PROJECT, "项目 jqxm jsxm project"),
    (
        LayerKind.LAND_USE,
        "规划用地 用地规划 规划地类 用地布局 利用规划 ghyd ghdl ydgh tdlygh land_use landuse",
    ),
    (LayerKind.LAND_USE_BASE, "地类图斑 dltb"),
    (LayerKind.VILLAGE_AREA, "行政区 行政村 村界 村域 村庄范围 规划范围 xzq cjdcq village"),
    (LayerKind.BUILDING, "房屋 建筑 民居 jzw building house"),
    (LayerKind.ROAD, "道路 公路 road"),
    (LayerKind.PLACE, "自然村 地名 居民点 zrc place hamlet"),
    (LayerKind.LAND_USE, "用地 图斑"),
)
"""Words in the name of a layer that say what it is; the first line that fits counts."""


def find(columns: Iterable[str], wanted: Sequence[str]) -> str | None:
    """Return the column that is the first of the wanted ones, whatever its letters' case."""
    by_name = {column.strip().casefold(): column for column in reversed(list(columns))}
    for name in wanted:
        if (found := by_name.get(name.casefold())) is not None:
            return found
        cut = name.encode()[:10].decode(errors="ignore").casefold()
        if not name.isascii() and len(name.encode()) > 10 and cut in by_name:
            return by_name[cut]
    return None


def find_all(columns: Iterable[str], wanted: Sequence[str]) -> list[str]:
    """Return all columns that are wanted, in the order of the wish."""
    listed = list(columns)
    found = (find(listed, [name]) for name in wanted)
    return list(dict.fromkeys(column for column in found if column))


def telling(columns: Iterable[str]) -> list[str]:
    """Return the columns that may tell something to us, in their order."""
    lists = [*CODES.values(), *CLASS_NAMES.values(), BASE_CODE, NAMES, REFS]
    names = {name for group in lists for name in group}
    return [column for column in columns if find([column], sorted(names)) or is_area(column)]


def is_area(column: str) -> bool:
    """Say whether a column seems to hold areas that somebody wrote down."""
    return bool(_AREA.search(column)) and not column.casefold().startswith("shape")


def suggest(name: str, columns: Sequence[str], family: Family | None) -> LayerKind | None:
    """Return what a layer seems to be, by its name or else by its columns; None: no idea."""
    for kind, words in _KINDS:
        if any(word in name.casefold() for word in words.split()):
            return kind
    if family is Family.AREA:
        if find(columns, _PLANNED):
            return LayerKind.LAND_USE
        if find(columns, (*_SURVEYED, *BASE_CODE)):
            return LayerKind.LAND_USE_BASE
        if find(columns, CODES[LayerKind.CONTROL_ZONE][2:]):
            return LayerKind.CONTROL_ZONE
        if find(columns, CODES[LayerKind.GROUP_AREA][3:12]):
            return LayerKind.GROUP_AREA
    return None


def check_areas(
    column: str, pairs: Sequence[tuple[int, float, float]]
) -> tuple[str, list[int]] | None:
    """Compare a column of areas with what the shapes measure: (feature, said, square metres).

    Return nothing where it fits; else what was found (``is`` unit and factor), and the features
    that are off by themselves where the rest fits.
    """
    known = [(number, said / area) for number, said, area in pairs if said > 0 and area >= 20]
    if not known:
        return None
    middle = median(ratio for _, ratio in known)
    named = next(((unit, size) for unit, size, pattern in _UNITS if pattern.search(column)), None)
    found = next(((unit, size) for unit, size, _ in _UNITS if abs(middle * size - 1) < 0.03), None)
    if found is None:
        return f"×{middle * (named[1] if named else 1):.4g}", []
    if found != (named or ("m²", 1.0)):
        said = named[0] if named else "?"
        return f"{said} → {found[0]}, ×{middle * (named[1] if named else 1):.4g}", []
    off = [number for number, ratio in known if abs(ratio / middle - 1) > 0.05]
    return ("", off) if off else None
