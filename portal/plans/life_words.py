"""The words of the life of a plan: its steps, what one still needs, who took it."""

from collections.abc import Mapping

from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from portal.plans.life import Lack, Lacking, Step
from portal.plans.ports import Paper
from portal.plans.rules import Missing
from portal.plans.words import MISSING

STEPS: dict[Step, LazyString] = {
    Step.SUBMIT_REVIEW: _l("Hand it to the committee for review"),
    Step.SEND_BACK: _l("Send it back to be changed"),
    Step.SCHEDULE: _l("Set the day of the public notice"),
    Step.OPEN_NOTICE: _l("Open the public notice"),
    Step.VOID_NOTICE: _l("Declare the public notice void"),
    Step.CLOSE_NOTICE: _l("The public notice ended"),
    Step.START_REPLY: _l("Start answering the opinions"),
    Step.FINISH_REPLY: _l("All opinions are answered: go on to the vote"),
    Step.PASS_BALLOT: _l("Take note that the village agreed"),
    Step.FAIL_BALLOT: _l("Take note that the vote did not pass"),
    Step.SUBMIT: _l("Submit it for approval"),
    Step.RETURN: _l("It was returned without approval"),
    Step.REVISE: _l("Submit it again with better papers"),
    Step.APPROVE: _l("It was approved"),
    Step.PUBLISH: _l("Publish the approved plan"),
    Step.TAKE_EFFECT: _l("The plan comes into force"),
    Step.START_REVISION: _l("Begin a new version"),
    Step.START_AMENDMENT: _l("Begin to amend the plan"),
    Step.END_AMENDMENT: _l("The amendment was given up"),
    Step.SUPERSEDE: _l("A newer version took its place"),
    Step.EXPIRE: _l("Its target year is over"),
    Step.WITHDRAW: _l("Withdraw the plan"),
    Step.TAKE_OVER: _l("Taken over as decided elsewhere"),
}
EXPLAINED: dict[Step, LazyString] = {
    Step.SUBMIT_REVIEW: _l("While it is reviewed, nobody changes it."),
    Step.SEND_BACK: _l("It becomes a draft again, and can be changed."),
    Step.SCHEDULE: _l("The notice opens on that day, as soon as it hangs on every board."),
    Step.OPEN_NOTICE: _l("From then on nobody can change this version."),
    Step.VOID_NOTICE: _l("The notice counts for nothing. Everybody reads why."),
    Step.START_REPLY: _l("Every opinion gets an answer, with a reason."),
    Step.FINISH_REPLY: _l("The village votes on exactly this text."),
    Step.PASS_BALLOT: _l("The count is read from the ballot; nobody types it."),
    Step.FAIL_BALLOT: _l("Back to the opinions: what has to be different?"),
    Step.SUBMIT: _l("With the notice, the answers, the result of the vote, and the resolution."),
    Step.RETURN: _l("Write down what the authority asks for."),
    Step.REVISE: _l(
        "The text stays as the village voted on it. For another text begin a new version."
    ),
    Step.APPROVE: _l("Who approved it, under which number, on which day."),
    Step.PUBLISH: _l("On the village boards and on the township's website, within twenty days."),
    Step.TAKE_EFFECT: _l("The version in force until now is superseded."),
    Step.START_REVISION: _l("A draft with the same content, to be changed."),
    Step.START_AMENDMENT: _l("The plan stays in force until the amended one takes its place."),
    Step.WITHDRAW: _l("The procedure ends here. What was published stays readable."),
}
"""What a step means, for whoever takes it; what the clock does needs no explanation."""

LACKS: dict[Lack, LazyString] = {
    Lack.CONTENT: _l("Something is missing in the plan: %(detail)s. Add it in the workbench."),
    Lack.CHECKS_NOT_THERE: _l("The planners' checks: this part of the portal is not there yet."),
    Lack.INDICATORS_INVALID: _l("An indicator has no target: %(detail)s. Fill it in."),
    Lack.BINDING_BREACH: _l("A binding indicator is not kept. %(detail)s."),
    Lack.STRUCTURE_UNBALANCED: _l(
        "The land-use table does not add up (base, target, area in hectares): %(detail)s."
    ),
    Lack.CONFLICTS_NOT_CHECKED: _l(
        "Conflicts between boundaries were not computed yet. %(detail)s"
    ),
    Lack.CONFLICTS_OPEN: _l("Conflicts between boundaries are not settled: %(detail)s"),
    Lack.PARTY_REVIEW: _l(
        "The village's Party organisation has not reviewed it yet. Enter the day of its review."
    ),
    Lack.PARTY_REVIEW_LATER: _l("The day of the Party organisation's review is still to come."),
    Lack.START_DAY: _l("Enter the day on which the notice starts."),
    Lack.START_DAY_PAST: _l("The day on which the notice starts is over. Enter another one."),
    Lack.CHANNELS: _l("The notice does not hang yet: %(detail)s. Confirm it with a photo."),
    Lack.PREDECESSOR_ON_NOTICE: _l(
        "Version %(detail)s is still on notice. Declare its notice void first."
    ),
    Lack.NOTICE_RUNS: _l("The notice is still running."),
    Lack.OPINIONS_NOT_THERE: _l("Answering opinions: this part of the portal is not there yet."),
    Lack.OPINIONS_OPEN: _l("%(detail)s opinions have no answer or no reason yet. Answer them."),
    Lack.NO_OTHER_HEARING: _l(
        "Besides the notice, opinions must be sought in another way: a meeting, visits, a survey."
    ),
    Lack.UNEXPLAINED_CHANGES: _l("Nobody has said yet why this changed: %(detail)s."),
    Lack.NO_REVISION: _l("It revises no version whose opinions are being answered."),
    Lack.BALLOTS_NOT_THERE: _l("Voting: this part of the portal is not there yet."),
    Lack.NO_BALLOT: _l("There was no statutory ballot on this version. Announce one."),
    Lack.BALLOT_RUNS: _l("The ballot is not closed yet."),
    Lack.BALLOT_OF_OTHER_TEXT: _l("The village voted on another text. Vote on this one."),
    Lack.BALLOT_NOT_PASSED: _l("The ballot on this version did not pass."),
    Lack.BALLOT_PASSED: _l("The ballot on this version passed."),
    Lack.PAPERS_NOT_THERE: _l("Documents: this part of the portal is not there yet."),
    Lack.PAPER_MISSING: _l("A document is not published yet: %(detail)s."),
    Lack.RESOLUTION: _l("Enter the number of the meeting's resolution."),
    Lack.CONTENT_CHANGED: _l(
        "The content is no longer what was published. Ask the administrator; do not go on."
    ),
    Lack.APPROVAL: _l("Enter who approved it, the number of the document, and its day."),
    Lack.APPROVAL_LATER: _l("The day of the approval is still to come."),
    Lack.PUBLICATION_DAY: _l(
        "Enter the day of the publication: not before the approval, and not after today."
    ),
    Lack.EFFECT_DAY: _l("Its day to come into force is wrong or still to come. %(detail)s"),
    Lack.NEVER_ON_NOTICE: _l("It was never on notice: change this draft itself."),
    Lack.DRAFT_EXISTS: _l("Version %(detail)s is a draft already. Go on with that one."),
    Lack.CONSENT: _l("Enter the approving authority's consent to the amendment."),
    Lack.REASON: _l("Say why."),
}
PAPERS: dict[Paper, LazyString] = {
    Paper.NOTICE: _l("the notice and where it hung"),
    Paper.ADOPTION: _l("what became of the opinions, and why"),
    Paper.RESULT: _l("the result of the vote"),
}
ROLES: dict[str, LazyString] = {
    "": _l("by the portal itself"),
    "committee-head": _l("Head of the committee"),
    "committee": _l("Village committee"),
    "administrator": _l("Administrator"),
    "planner": _l("Planner"),
}


def lack_words(lacking: Lacking) -> str:
    """Say one thing that is still needed, and what to do about it."""
    return str(LACKS[lacking.lack]) % {"detail": _detail(lacking)}


def lacks_words(lacks: list[Lacking]) -> list[str]:
    """Say everything that is still needed; what is missing of one kind stands in one sentence."""
    grouped: dict[Lack, list[str]] = {}
    for lacking in lacks:
        grouped.setdefault(lacking.lack, []).append(_detail(lacking))
    return [
        str(LACKS[lack]) % {"detail": _listed([detail for detail in details if detail])}
        for lack, details in grouped.items()
    ]


def _detail(lacking: Lacking) -> str:
    words: Mapping[str, LazyString] = {}
    if lacking.lack is Lack.CONTENT:
        words = {what.value: MISSING[Missing(what)] for what in Missing}
    elif lacking.lack is Lack.PAPER_MISSING:
        words = {paper.value: PAPERS[paper] for paper in Paper}
    elif lacking.lack is Lack.CHANNELS and not lacking.detail:
        return _("the village board")
    return str(words.get(lacking.detail, lacking.detail))


def _listed(details: list[str]) -> str:
    shown = details[:6]
    more = [_("%(number)s more", number=len(details) - 6)] if len(details) > 6 else []
    return "、".join([*shown, *more])
