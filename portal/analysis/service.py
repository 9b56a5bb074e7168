"""What other features can ask of the planners' checks and do with them. Never commits."""

from portal.analysis.coverage import Covered, cover
from portal.analysis.findings import Balance, balance_of, intensity_of, targets_of
from portal.analysis.listing import (
    Line,
    Register,
    count_conflicts,
    find_register,
    get_conflict,
    is_of_this_map,
    list_conflicts,
    shapes_of,
)
from portal.analysis.register import keep, look, settle
from portal.analysis.scenarios import (
    Projected,
    add_scenario,
    facts_of,
    get_scenario,
    list_scenarios,
    recheck,
    retire,
)
from portal.analysis.settings import Settings, set_caps, set_tolerance, settings_of
from portal.analysis.watching import Red, list_red, watch
from portal.analysis.watching import look as see_lights

__all__ = [
    "Balance",
    "Covered",
    "Line",
    "Projected",
    "Red",
    "Register",
    "Settings",
    "add_scenario",
    "balance_of",
    "count_conflicts",
    "cover",
    "facts_of",
    "find_register",
    "get_conflict",
    "get_scenario",
    "intensity_of",
    "is_of_this_map",
    "keep",
    "list_conflicts",
    "list_red",
    "list_scenarios",
    "look",
    "recheck",
    "retire",
    "see_lights",
    "set_caps",
    "set_tolerance",
    "settings_of",
    "settle",
    "shapes_of",
    "targets_of",
    "watch",
]
