"""The words of the documents' pages: for each refusal, kind, edition and state."""

from enum import StrEnum

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from portal.disclosure.rules import DocKind, DocState, Edition, Personal, Refusal

REFUSALS: dict[StrEnum, LazyString] = {
    Refusal.NOT_CLOSED_YET: _l("Voting is not closed yet."),
    Refusal.NOT_HELD: _l("This vote was announced, but it was never opened."),
    Refusal.NOT_ON_NOTICE: _l("This plan is not on notice."),
    Refusal.NOTICE_OVER: _l("The notice of this plan is over."),
    Refusal.CONTENT_CHANGED: _l(
        "The plan is no longer the one whose notice began. The notice has to begin again."
    ),
    Refusal.NO_OFFICE: _l("First say who answers for the village's documents, and where."),
    Refusal.NO_SUMMARY: _l("The plan has no summary in plain words."),
    Refusal.ALREADY_PUBLISHED: _l("This document is published already, with the same content."),
    Refusal.PERSONAL_DATA: _l(
        "There is personal data in it, which must not be published. Take it out at its source."
    ),
}
KINDS: dict[DocKind, LazyString] = {
    DocKind.DRAFT_NOTICE: _l("Notice of a draft plan"),
    DocKind.VOTE_RESULT: _l("Result of a vote"),
}
EDITIONS: dict[Edition, LazyString] = {
    Edition.NORMAL: _l("Normal print"),
    Edition.LARGE: _l("Large-print edition"),
}
STATES: dict[DocState, tuple[LazyString, str]] = {
    DocState.OPEN: (_l("On display"), "info"),
    DocState.ENDED: (_l("Period over"), "neutral"),
    DocState.REPLACED: (_l("Replaced"), "warn"),
}
PERSONAL: dict[Personal, LazyString] = {
    Personal.ID_NUMBER: _l("an identity number"),
    Personal.MOBILE: _l("a mobile number"),
    Personal.BANK_CARD: _l("a bank card number"),
}
PLACES: dict[str, LazyString] = {
    "question": _l("the question"),
    "answers": _l("the choices"),
    "by_group": _l("the villager groups"),
    "plan_name": _l("the plan's name"),
    "institute": _l("who compiled the plan"),
    "board": _l("the note about the board"),
    "summary": _l("the summary"),
    "indicators": _l("the indicators"),
    "goals": _l("the goals"),
    "projects": _l("the projects"),
    "citation": _l("the rule"),
}
