"""The words of answers: classes, states, steps, and why a step is not taken."""

from enum import StrEnum

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from portal.core.access import Part
from portal.discussion.answer_lists import Show
from portal.discussion.answer_rules import AnswerState, AnswerStep, Decision, Form, Refusal

DECISIONS: dict[Decision, LazyString] = {
    Decision.ADOPTED: _l("Adopted"),
    Decision.PARTIAL: _l("Adopted in part"),
    Decision.REJECTED: _l("Not adopted"),
    Decision.EXPLAINED: _l("Explained"),
    Decision.FORWARDED: _l("Passed on"),
}
DECISION_CHIPS: dict[Decision, str] = {
    Decision.ADOPTED: "good",
    Decision.PARTIAL: "good",
    Decision.REJECTED: "warn",
    Decision.EXPLAINED: "info",
    Decision.FORWARDED: "info",
}
DECISION_NOTES: dict[Decision, LazyString] = {
    Decision.ADOPTED: _l("The plan is changed as was asked. Say where, and how it reads then."),
    Decision.PARTIAL: _l("Some of it goes into the plan. Say what, and why not the rest."),
    Decision.REJECTED: _l("The plan stays as it is. Say why, in ten characters at least."),
    Decision.EXPLAINED: _l("The plan says it already. Say where."),
    Decision.FORWARDED: _l("It is no matter of the plan. Say to whom it went."),
}
STATES: dict[AnswerState, tuple[LazyString, str]] = {
    AnswerState.WAITING: (_l("Not taken on yet"), "neutral"),
    AnswerState.ASSIGNED: (_l("Being worked on"), "info"),
    AnswerState.DRAFTED: (_l("Waits for the check"), "warn"),
    AnswerState.REPLIED: (_l("Answered"), "good"),
    AnswerState.REOPENED: (_l("Asked about again"), "warn"),
    AnswerState.FINAL: (_l("Answered for good"), "good"),
}
STEPS: dict[AnswerStep, LazyString] = {
    AnswerStep.ASSIGN: _l("Taken on"),
    AnswerStep.DRAFT: _l("Drafted"),
    AnswerStep.ADVISE: _l("The planner's opinion"),
    AnswerStep.SEND_BACK: _l("Sent back"),
    AnswerStep.REPLY: _l("Checked and sent"),
    AnswerStep.REOPEN: _l("Asked about again"),
}
PARTS: dict[Part, LazyString] = {
    Part.COMMITTEE: _l("Village committee"),
    Part.HEAD: _l("Village committee"),
    Part.ADMIN: _l("Administrator"),
    Part.PLANNER: _l("Planner"),
    Part.VILLAGER: _l("Author"),
}
SHOWS: dict[Show, LazyString] = {
    Show.OPEN: _l("To answer"),
    Show.OVERDUE: _l("Overdue"),
    Show.MINE: _l("Mine"),
    Show.DRAFTED: _l("To check"),
    Show.ANSWERED: _l("Answered"),
    Show.ALL: _l("All"),
}
FORMS: dict[Form, LazyString] = {
    Form.TALK: _l("Talk with villagers"),
    Form.HEARING: _l("Hearing"),
    Form.EXPERTS: _l("Meeting of experts"),
    Form.VISIT: _l("Visits from house to house"),
    Form.SURVEY: _l("Survey"),
    Form.POLL: _l("Opinion poll"),
}
REFUSALS: dict[StrEnum, LazyString] = {
    Refusal.STALE: _l(
        "Somebody else went on with it while you had this open. This is how it stands now: look"
        " again."
    ),
    Refusal.NOT_OWED: _l("These words are not there for everybody to read: no answer is due."),
    Refusal.ANSWERED: _l("This opinion has been answered."),
    Refusal.OWN_OPINION: _l("This is your own opinion. Somebody else must answer it."),
    Refusal.NO_REASON: _l("Say why: the author and everybody else will read it."),
    Refusal.REASON_TOO_SHORT: _l("A refusal needs a reason of ten characters at least."),
    Refusal.NO_CHANGE: _l("Say which place of the plan is changed, and how it reads then."),
    Refusal.TOO_LONG: _l("That is too long. Please shorten it a little."),
    Refusal.DUE_TOO_LATE: _l("Choose a day from today to the fifteenth after it came."),
    Refusal.NOT_DRAFTED: _l("There is no draft to check."),
    Refusal.OWN_DRAFT: _l("You drafted this. A second person must check it."),
    Refusal.COMMITTEE_FIRST: _l("Somebody of the committee must check what a planner drafted."),
    Refusal.NO_NOTE: _l("Say what is to be done differently."),
    Refusal.NOT_YOURS: _l("Only its author can ask for another look at the answer."),
    Refusal.NOT_ANSWERED: _l("This opinion has not been answered yet."),
    Refusal.DOUBTED_ALREADY: _l("You have asked for another look already. That is possible once."),
    Refusal.TOO_LATE: _l("Another look could be asked for within fifteen days of the answer."),
    Refusal.NOBODY: _l("This person holds no post here now."),
    Refusal.DAY_AHEAD: _l("This day has not come yet."),
}
