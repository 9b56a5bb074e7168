"""The words of the documents' pages: for each refusal, kind, edition, state and step."""

from enum import StrEnum

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from portal.disclosure.calendar_rules import Rhythm
from portal.disclosure.rules import DocKind, Edition, Refusal
from portal.disclosure.states import State, Step

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
    Refusal.NOT_CHECKED: _l("The boundaries of this plan were not yet held against each other."),
    Refusal.NOT_APPROVED: _l("This plan is not approved yet."),
    Refusal.NOT_EVALUATED: _l("The evaluation of this year is not finished yet."),
    Refusal.NOTICE_RUNS: _l("The notice still runs, and opinions can still come."),
    Refusal.OPINIONS_OPEN: _l("Some opinions have no answer yet. Answer them first."),
    Refusal.ALREADY_PUBLISHED: _l("This document is published already, with the same content."),
    Refusal.PERSONAL_DATA: _l(
        "There is personal data in it, which must not be published. Take it out at its source."
    ),
    Refusal.NOTHING_WRITTEN: _l("Nothing is written in it yet."),
    Refusal.NOT_IN_THIS_STATE: _l("This cannot be done as the document stands now."),
    Refusal.NO_REASON: _l("Say why: the reason stands with the document."),
    Refusal.OWN_DRAFT: _l("Whoever drafted it cannot review it."),
    Refusal.SAME_HOUSEHOLD: _l(
        "Somebody of your household drafted it: another supervisor reviews."
    ),
    Refusal.OF_THE_COMMITTEE: _l("Members of the village committee do not review its documents."),
    Refusal.NOT_REVIEWED: _l("The supervision committee has not agreed to it yet."),
    Refusal.NOT_AS_REVIEWED: _l(
        "The file is not the one that was reviewed. Generate it again and hand it in."
    ),
    Refusal.DAY_NOT_COME: _l("The day that is printed on it has not come yet."),
    Refusal.DAY_PASSED: _l(
        "The day that is printed on it has passed. Generate it again with a new day."
    ),
    Refusal.DAY_BEFORE_TODAY: _l("Choose today or a later day."),
    Refusal.DAY_TOO_FAR: _l("Choose a day within a year from today."),
    Refusal.NUMBER_WOULD_MISS: _l(
        "Later numbers of its year are given already, so it cannot go over to another year."
        " Withdraw it and begin it again."
    ),
    Refusal.SOMEBODY_ELSE_DID: _l("Somebody else was quicker. Look at how it stands now."),
    Refusal.ALREADY_UNDER_WAY: _l("This document has been begun already."),
    Refusal.NOTICE_VOID: _l("The notice of this document was declared void."),
    Refusal.NO_OBJECTION_NOW: _l("Objections cannot be made now: the period is over."),
    Refusal.CORRECTED_SINCE: _l(
        "This document was corrected and no longer holds."
        " Objections go to the one that took its place."
    ),
    Refusal.OBJECTED_ALREADY: _l("You have objected to this document already."),
    Refusal.ANSWERED_ALREADY: _l("This has been answered already."),
    Refusal.NOT_ANSWERED_YET: _l("The committee answers first."),
    Refusal.TOO_LATE_TO_EXTEND: _l("The time can be made longer once, within the first five days."),
    Refusal.NOTHING_CORRECTED: _l("Say at least one wording, and the correct one."),
    Refusal.WORDING_NOT_FOUND: _l(
        "This wording does not stand in the document. Copy it from there, word for word."
    ),
    Refusal.NOT_PUBLISHED: _l("Only a published document that holds can be corrected."),
    Refusal.ALLOWED_ALREADY: _l("This is allowed already."),
    Refusal.NOT_FOUND_IN_IT: _l("The scan does not find this in the document."),
    Refusal.TOO_FEW_ASK: _l(
        "Too few ask for it: one tenth of the villagers or one fifth of the representatives."
    ),
    Refusal.ITEM_EXISTS: _l("There is an item of this name already."),
    Refusal.NO_CITATION: _l("Name the rule that asks for it."),
    Refusal.BAD_KEY_FILE: _l(
        "This is no certificate file with an RSA key of 2048 bits or more,"
        " or the password is wrong."
    ),
    Refusal.KEY_NOT_OURS: _l("The key cannot be opened. Put the certificate in again."),
    Refusal.CERTIFICATE_OVER: _l("The certificate is not valid today. Renew it first."),
    Refusal.COUNTY_NOT_ASKED: _l("The village has not asked the county to do this."),
    Refusal.WORK_UNDER_WAY: _l("This work is going on already."),
}
KINDS: dict[DocKind, LazyString] = {
    DocKind.DRAFT_NOTICE: _l("Notice of a draft plan"),
    DocKind.VOTE_RESULT: _l("Result of a vote"),
    DocKind.AFFAIRS: _l("Village affairs"),
    DocKind.CORRECTION: _l("Correction"),
    DocKind.CONFLICTS: _l("Table of spatial conflicts"),
    DocKind.APPROVED_PLAN: _l("Publication of an approved plan"),
    DocKind.EVALUATION: _l("Evaluation of a year"),
    DocKind.ADOPTION: _l("What became of the opinions"),
}
EDITIONS: dict[Edition, LazyString] = {
    Edition.NORMAL: _l("Normal print"),
    Edition.LARGE: _l("Large-print edition"),
}
CASE_STATES: dict[State, tuple[LazyString, str]] = {
    State.PLANNED: (_l("Planned"), "neutral"),
    State.DRAFT: (_l("Draft"), "neutral"),
    State.GENERATED: (_l("Generated"), "info"),
    State.REVIEW: (_l("Under review"), "warn"),
    State.PUBLISHED: (_l("Published"), "good"),
    State.OBJECTION: (_l("On display"), "info"),
    State.ANSWERED: (_l("Objections answered"), "good"),
    State.ENDED: (_l("Period over"), "neutral"),
    State.ARCHIVED: (_l("In the archive"), "neutral"),
    State.CORRECTED: (_l("Corrected"), "warn"),
    State.WITHDRAWN: (_l("Withdrawn"), "danger"),
}
STEPS: dict[Step, LazyString] = {
    Step.BEGIN: _l("Begun"),
    Step.GENERATE: _l("Generated"),
    Step.TAKE_BACK: _l("Taken back"),
    Step.HAND_IN: _l("Handed to the supervision committee"),
    Step.APPROVE: _l("Agreed to by the supervision committee"),
    Step.SEND_BACK: _l("Sent back by the supervision committee"),
    Step.PUBLISH: _l("Published"),
    Step.OPEN_OBJECTIONS: _l("Objections possible"),
    Step.ANSWER: _l("All objections answered"),
    Step.END: _l("Period over"),
    Step.ARCHIVE: _l("Laid in the archive"),
    Step.CORRECT: _l("Corrected"),
    Step.WITHDRAW: _l("Withdrawn"),
}
PLACES: dict[str, LazyString] = {
    "question": _l("the question"),
    "answers": _l("the choices"),
    "by_group": _l("the villager groups"),
    "plan_name": _l("the plan's name"),
    "institute": _l("who compiled the plan"),
    "summary": _l("the summary"),
    "indicators": _l("the indicators"),
    "structure": _l("the land-use structure"),
    "controls": _l("the control rules"),
    "facilities": _l("the facilities"),
    "roads": _l("the roads"),
    "ways": _l("where the notice hangs"),
    "scope": _l("the scope"),
    "legal_basis": _l("the legal basis"),
    "changes": _l("the changes"),
    "conflicts": _l("the conflicts"),
    "readings": _l("the indicators"),
    "corrections": _l("what is to be done"),
    "findings": _l("what was found"),
    "outlook": _l("the outlook"),
    "goals": _l("the goals"),
    "rows": _l("the opinions"),
    "hearings": _l("the hearings"),
    "by_channel": _l("how opinions came"),
    "by_decision": _l("the classes"),
    "projects": _l("the projects"),
    "citation": _l("the rule"),
    "passages": _l("what the committee wrote, part"),
    "decisions": _l("the votes"),
    "documents": _l("the documents"),
    "item": _l("the item"),
    "reason": _l("the reason"),
    "approver": _l("who approved it"),
    "wordings": _l("the wordings"),
    "corrected": _l("the corrected text"),
    "page": _l("the printed page"),
    "metadata": _l("the file's properties"),
}
RHYTHMS: dict[Rhythm, LazyString] = {
    Rhythm.AT_ONCE: _l("At once"),
    Rhythm.MONTHLY: _l("Every month"),
    Rhythm.QUARTERLY: _l("Every quarter"),
    Rhythm.YEARLY: _l("Every year"),
}
