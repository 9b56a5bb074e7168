"""The paper of a page of the queue: one decision for each card on it."""

from werkzeug.datastructures import MultiDict

from portal.moderation.queue import Verdict
from portal.moderation.rules import Action, Code

LATER = ""
LET_THROUGH = "approve"


def read_verdicts(form: MultiDict[str, str]) -> list[Verdict]:
    """Return what was decided on a page, card by card; cards left for later are not among them.

    Each card names itself as "kind:id:revision:wording:report" in `card`, its decision is
    in "choice-kind-id": a reason for hiding, or "approve". With `rest`, whatever has no decision
    is let through. Raises ValueError if the page was not one of ours.
    """
    verdicts = []
    for card in form.getlist("card"):
        kind, subject_id, revision, wording, report = card.split(":")
        choice = form.get(f"choice-{kind}-{subject_id}", LATER)
        if choice == LATER and "rest" in form:
            choice = LET_THROUGH
        if choice != LATER:
            action = Action.APPROVE if choice == LET_THROUGH else Action.HIDE
            verdicts.append(
                Verdict(
                    kind,
                    int(subject_id),
                    int(revision),
                    action,
                    None if action is Action.APPROVE else Code(choice),
                    int(wording),
                    int(report),
                )
            )
    if len({(v.kind, v.subject_id) for v in verdicts}) != len(verdicts):
        raise ValueError("the same card twice")
    return verdicts
