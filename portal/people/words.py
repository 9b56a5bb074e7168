"""Words for what people are, for this feature and those above."""

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from portal.core.traces import Personal
from portal.people.rules import AssistanceReason, Channel, Role

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

CHANNELS: dict[Channel, LazyString] = {
    Channel.SELF: _l("by myself"),
    Channel.ASSISTED: _l("entered by a helper"),
    Channel.PAPER: _l("on paper"),
    Channel.MEETING: _l("at a meeting"),
    Channel.IMPORT: _l("taken over from a file"),
}

ASSISTANCE_REASONS: dict[AssistanceReason, LazyString] = {
    AssistanceReason.CANNOT_READ: _l("cannot read or write"),
    AssistanceReason.CANNOT_SEE: _l("cannot see well"),
    AssistanceReason.NO_PHONE: _l("has no fitting phone"),
    AssistanceReason.ILL: _l("ill, or cannot come"),
    AssistanceReason.AWAY: _l("away from the village"),
    AssistanceReason.ASKED: _l("asked for help"),
}

PERSONAL: dict[Personal, LazyString] = {
    Personal.ID_NUMBER: _l("an identity number"),
    Personal.MOBILE: _l("a mobile number"),
    Personal.BANK_CARD: _l("a bank card number"),
    Personal.NAME: _l("the name of a resident"),
}
