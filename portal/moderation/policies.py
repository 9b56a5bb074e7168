"""The committee's policies: where words wait to be read before others see them. Never commits."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from portal.core.db import db
from portal.moderation import ports, stamps
from portal.moderation.screening_models import ScreeningPolicy
from portal.moderation.screening_rules import Policy, choose_policy


def find_policy(policies: Mapping[tuple[str, str], Policy], *, place: str, now: datetime) -> Policy:
    """Return the policy that counts at a place now; its phase is asked only where one is named."""
    return choose_policy(policies, place=place, phase=_phase(place, policies, now=now))


def ask_for_phases(policies: Mapping[tuple[str, str], Policy]) -> bool:
    """Tell whether any policy counts only in a phase of the place."""
    return any(phase for _place, phase in policies)


def policies_now() -> dict[tuple[str, str], Policy]:
    """Return every policy of the village by its place and phase."""
    return {
        (row.place, row.phase): Policy(
            mode=row.mode,
            holds_first=row.holds_first,
            holds_links=row.holds_links,
            holds_repeated=row.holds_repeated,
        )
        for row in list_policies()
    }


def list_policies() -> list[ScreeningPolicy]:
    """Return what the committee has set, the widest first."""
    query = select(ScreeningPolicy).order_by(ScreeningPolicy.place, ScreeningPolicy.phase)
    return list(db.session.scalars(query))


def set_policy(place: str, phase: str, policy: Policy, *, account_id: int, now: datetime) -> None:
    """Set what counts at a place from now on."""
    facts = {
        "mode": policy.mode,
        "holds_first": policy.holds_first,
        "holds_links": policy.holds_links,
        "holds_repeated": policy.holds_repeated,
        "changed_at": now,
        "account_id": account_id,
    }
    change = (
        update(ScreeningPolicy)
        .where(ScreeningPolicy.place == place, ScreeningPolicy.phase == phase)
        .values(**facts)
        .returning(ScreeningPolicy.id)
        .execution_options(synchronize_session=False)
    )
    if db.session.scalar(change) is None:
        try:
            with db.session.begin_nested():
                db.session.add(ScreeningPolicy(place=place, phase=phase, **facts))
        except IntegrityError:  # somebody else set one at the same moment; the later one counts
            db.session.execute(change)
    stamps.renew()


def remove_policy(policy_id: int) -> ScreeningPolicy:
    """Let the wider policy count again where this one did, or raise NoResultFound."""
    policy = db.session.scalars(select(ScreeningPolicy).filter_by(id=policy_id)).one()
    db.session.delete(policy)
    db.session.flush()
    stamps.renew()
    return policy


def _phase(place: str, policies: Mapping[tuple[str, str], Policy], *, now: datetime) -> str:
    """Return the phase of a place, where any policy asks for one."""
    kind, _colon, place_id = place.partition(":")
    if not ask_for_phases(policies) or not place_id.isdecimal():
        return ""
    places = ports.ask_places().get(kind)
    return places.find_phase(int(place_id), now=now) if places else ""
