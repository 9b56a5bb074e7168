"""Which parcels a household says are its own: kept with consent, shown to nobody else."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from shapely.geometry import shape
from sqlalchemy import delete, func, select
from sqlalchemy.exc import IntegrityError

from portal.core.db import db
from portal.core.outbox import Happened
from portal.core.personal import Person, Wish
from portal.core.scope import all_villages
from portal.maps import service as maps
from portal.maps.models import MapFeature
from portal.maps.parcels import Atlas, Parcel
from portal.maps.rules import LayerKind
from portal.people.models import Account
from portal.plans.models import HouseholdPlot, PlanVersion
from portal.privacy import service as privacy
from portal.privacy.rules import Purpose


@dataclass(frozen=True, slots=True)
class OwnPlot:
    """A parcel of this version that the household chose, in this version or an earlier one."""

    id: int
    parcel: Parcel
    agreed_at: datetime
    is_mine: bool
    """Whether the reader chose it, and so can take it back alone."""


def choose(
    version: PlanVersion,
    number: int,
    *,
    account_id: int,
    resident_id: int,
    household_id: int,
    now: datetime,
) -> None:
    """Keep that a parcel is the household's, with the consent to keep it; twice is once.

    Raises LookupError where the version has no such parcel.
    """
    sheet_id = version.map_sheet_id
    feature = sheet_id and maps.find_feature(sheet_id, LayerKind.LAND_USE, number)
    if not feature:
        raise LookupError(number)
    privacy.say(account_id, Purpose.PLOT, is_given=True, now=now)
    plot = HouseholdPlot(
        household_id=household_id, resident_id=resident_id, feature_id=feature.id, agreed_at=now
    )
    try:
        with db.session.begin_nested():
            db.session.add(plot)
    except IntegrityError:  # the household has it already: the key is the last judge
        return


def take_back(
    plot_id: int, *, account_id: int, resident_id: int, household_id: int, now: datetime
) -> bool:
    """Forget a parcel of the household; with the last one of somebody goes their consent."""
    plot = db.session.scalar(
        select(HouseholdPlot).where(
            HouseholdPlot.id == plot_id, HouseholdPlot.household_id == household_id
        )
    )
    if plot is None:
        return False
    db.session.delete(plot)
    db.session.flush()
    mine = select(func.count()).where(HouseholdPlot.resident_id == resident_id)
    if not db.session.scalar(mine):
        privacy.say(account_id, Purpose.PLOT, is_given=False, now=now)
    return True


def plots_of(household_id: int, atlas: Atlas, *, resident_id: int) -> list[OwnPlot]:
    """Return the household's parcels as they are on this map, by their number.

    One chosen on an earlier version is the parcel on which its middle lies. Three statements.
    """
    rows = db.session.execute(
        select(HouseholdPlot, MapFeature.geometry)
        .join(MapFeature, MapFeature.id == HouseholdPlot.feature_id)
        .where(HouseholdPlot.household_id == household_id)
        .order_by(HouseholdPlot.id)
    ).all()
    agreeing = _agreeing({plot.resident_id for plot, _ in rows})
    found: dict[int, OwnPlot] = {}
    for plot, geometry in rows:
        middle = shape(geometry).representative_point()
        parcel = atlas.parcel_at(middle.x, middle.y)
        if parcel is not None and plot.resident_id in agreeing:
            own = OwnPlot(plot.id, parcel, plot.agreed_at, plot.resident_id == resident_id)
            found.setdefault(parcel.number, own)
    return [found[number] for number in sorted(found)]


def _agreeing(resident_ids: Collection[int]) -> set[int]:
    """Return who of these residents has not taken the consent back."""
    if not resident_ids:
        return set()
    query = select(Account.id, Account.resident_id).where(Account.resident_id.in_(resident_ids))
    accounts = {account_id: r for account_id, r in db.session.execute(query) if r is not None}
    given = privacy.with_consent(list(accounts), Purpose.PLOT)
    return {accounts[account_id] for account_id in given}


def forget_without_consent(happened: Happened, *, now: datetime) -> None:
    """Forget the parcels that somebody chose who takes the consent back."""
    facts = happened.facts
    if facts["purpose"] != Purpose.PLOT or facts["is_given"]:
        return
    if privacy.has_consent(facts["account_id"], Purpose.PLOT):
        return  # agreed again since
    with all_villages("an account is one person, in whatever village it works"):
        account = db.session.get_one(Account, facts["account_id"])
        db.session.execute(
            delete(HouseholdPlot).where(HouseholdPlot.resident_id == account.resident_id)
        )


def forget(person: Person, _wish: Wish, *, now: datetime) -> int:
    """Forget the parcels that somebody chose: they were theirs to tell."""
    if person.resident_id is None:
        return 0
    with all_villages("somebody is forgotten in every village; ids are of the house"):
        gone = db.session.execute(
            delete(HouseholdPlot).where(HouseholdPlot.resident_id == person.resident_id)
        )
    return int(gone.rowcount)  # type: ignore[attr-defined]  # a DELETE counts its rows
