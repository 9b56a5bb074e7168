"""Words for what people are, for this feature and those above."""

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from portal.people.rules import Role

ROLES: dict[Role, LazyString] = {
    Role.COMMITTEE: _l("Village committee"),
    Role.HEAD: _l("Head of the committee"),
    Role.GRID_WORKER: _l("Grid worker"),
    Role.PLANNER: _l("Planner"),
    Role.SUPERVISOR: _l("Supervisor"),
    Role.AUDITOR: _l("Auditor of the township"),
    Role.ADMIN: _l("Administrator"),
    Role.OPERATOR: _l("Operator of the county"),
}
