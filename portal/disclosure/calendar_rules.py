"""The catalogue of what is disclosed: items, rhythms, periods and their last days. Pure."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from portal.disclosure.rules import Refusal


class Rhythm(StrEnum):
    """How often an item is disclosed."""

    AT_ONCE = "at-once"
    MONTHLY = "monthly"
    QUARTERLY = "quarterly"
    YEARLY = "yearly"


@dataclass(frozen=True, kw_only=True)
class Item:
    """An item of the catalogue; `due_day` is a day of the first month after its period."""

    code: str
    title: str
    rhythm: Rhythm
    due_day: int
    citation: str
    is_active: bool = True
    is_extra: bool = False


LAW = "《中华人民共和国村民委员会组织法》第三十条"
DEFAULTS: tuple[Item, ...] = (
    Item(code="monthly", title="村务公开月报", rhythm=Rhythm.MONTHLY, due_day=20, citation=LAW),
    Item(code="finance", title="村级财务收支", rhythm=Rhythm.MONTHLY, due_day=20, citation=LAW),
    Item(
        code="resolutions",
        title="年度村庄规划和村民代表会议决议事项",
        rhythm=Rhythm.QUARTERLY,
        due_day=20,
        citation=LAW,
    ),
    Item(
        code="assistance",
        title="协助政府开展工作和惠民资金",
        rhythm=Rhythm.QUARTERLY,
        due_day=20,
        citation=LAW,
    ),
    Item(
        code="consultation",
        title="民主协商的实施过程和成果采纳、落实、反馈",
        rhythm=Rhythm.QUARTERLY,
        due_day=20,
        citation="《山东省村务公开条例》第七条第九项",
    ),
    Item(
        code="major",
        title="重大事项（投入5万元以上）",
        rhythm=Rhythm.AT_ONCE,
        due_day=1,
        citation=LAW,
    ),
)
MONTHS = {Rhythm.MONTHLY: 1, Rhythm.QUARTERLY: 3, Rhythm.YEARLY: 12}


@dataclass(frozen=True)
class Period:
    """A month, a quarter or a year: its name, its first and its last day."""

    name: str
    start: date
    end: date


def period_before(day: date, rhythm: Rhythm) -> Period:
    """Return the period that ended last before the one this day is in."""
    months = MONTHS[rhythm]
    first = date(day.year, (day.month - 1) // months * months + 1, 1)
    end = first - timedelta(days=1)
    start = date(end.year, end.month - months + 1, 1)
    return Period(_name(start, rhythm), start, end)


def _name(start: date, rhythm: Rhythm) -> str:
    if rhythm is Rhythm.MONTHLY:
        return f"{start:%Y-%m}"
    return (
        f"{start.year}-Q{(start.month + 2) // 3}" if rhythm is Rhythm.QUARTERLY else f"{start.year}"
    )


def due_on(period: Period, due_day: int) -> date:
    """Return until when the item is out: that day of the first month after its period (D2)."""
    first = period.end + timedelta(days=1)
    following = (first.replace(day=28) + timedelta(days=4)).replace(day=1)
    return min(first + timedelta(days=due_day - 1), following - timedelta(days=1))


def merged(own: dict[str, Item]) -> list[Item]:
    """Return the village's catalogue: the defaults, each in the village's form where it has one."""
    known = {item.code: own.get(item.code, item) for item in DEFAULTS}
    return [*known.values(), *(item for code, item in own.items() if code not in known)]


def why_not_extra(
    *,
    villagers: int | None,
    adults: int,
    representatives: int | None,
    all_representatives: int | None,
) -> Refusal | None:
    """Say why an extra item need not be disclosed: too few ask for it (D4).

    One tenth of the villagers is enough, or one fifth of the representatives.
    """
    if villagers is not None and adults and 10 * villagers >= adults:
        return None
    if (
        representatives is not None
        and all_representatives
        and (5 * representatives >= all_representatives)
    ):
        return None
    return Refusal.TOO_FEW_ASK
