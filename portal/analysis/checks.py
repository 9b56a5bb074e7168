"""What the checks tell the life of a plan: what must be put right before its review."""

from collections.abc import Sequence

from portal.analysis.balance import Flaw
from portal.analysis.boundaries import keys_on
from portal.analysis.findings import balance_of, targets_of
from portal.analysis.listing import find_register
from portal.analysis.overlaps import fingerprint, survey
from portal.analysis.register import keep
from portal.analysis.settings import Settings, settings_of
from portal.analysis.targets import Miss
from portal.analysis.words import REFUSALS, found_words, missed_words
from portal.core import clock
from portal.core.db import is_writing
from portal.core.errors import Refused
from portal.maps.rules import Sheet
from portal.plans import service as plans
from portal.plans.life import Lack, Lacking


class PlannersChecks:
    """Answers the port `Checks`: tables, limits, and whether boundaries were compared."""

    def lacks(self, version_id: int) -> Sequence[Lacking]:
        """Return what must be put right; warnings are not among it.

        Every indicator needs a target, a binding one (约束性) must keep its limit, and the
        structure table must balance. Boundaries that were not compared since the map changed are
        compared on the spot where the step is being taken, so nobody is sent away for it; an open
        conflict stops nobody, it is in the register and in the papers of the notice.
        """
        version = plans.get_version(version_id)
        content, settings = plans.content_of(version), settings_of(version.plan_id)
        found = []
        for miss in targets_of(content):
            if miss.miss is Miss.NO_TARGET:
                found.append(Lacking(Lack.INDICATORS_INVALID, miss.name))
            elif miss.stops:
                found.append(Lacking(Lack.BINDING_BREACH, missed_words(miss)))
        found += [
            Lacking(Lack.STRUCTURE_UNBALANCED, found_words(flaw))
            for flaw in balance_of(content, settings).stopping
            if flaw.flaw is not Flaw.NO_LINES
        ]
        if content.map is not None and not _is_checked(version_id, content.map, settings):
            found += _check(version_id, content.map, settings)
        return found


def _is_checked(version_id: int, sheet: Sheet, settings: Settings) -> bool:
    """Tell whether the map as it is was checked, or has nothing that could be compared."""
    there = set(keys_on(sheet))
    if not any(one in there and two in there for one, two in settings.pairs):
        return True
    register = find_register(version_id)
    return register is not None and register.map_sha256 == fingerprint(sheet)


def _check(version_id: int, sheet: Sheet, settings: Settings) -> list[Lacking]:
    """Compare the boundaries, and keep what was found where something is being written anyway."""
    if not is_writing():
        return []
    try:
        found = survey(sheet, settings.pairs, settings.tolerance)
        keep(version_id, found, now=clock.now())
    except Refused as refused:
        return [Lacking(Lack.CONFLICTS_NOT_CHECKED, str(REFUSALS[refused.reason]))]
    return []
