"""Who hears of a survey, and in which words: everybody of the village who may answer."""

from datetime import datetime

from flask_babel import gettext as _

from portal.core.outbox import Handler, Happened
from portal.inbox import service as inbox
from portal.inbox.kinds import Kind, moment
from portal.inbox.rules import Topic
from portal.surveys.events import SurveyOpened
from portal.surveys.rules import Phase
from portal.surveys.service import get_survey, phase_of

KINDS = {
    SurveyOpened.kind: Kind(
        topic=Topic.SURVEYS,
        words=lambda facts: _(
            "A survey asks for your answer until %(when)s: %(title)s",
            when=moment(facts["closes_at"]),
            title=facts["title"],
        ),
    ),
}


def tell_of_survey(happened: Happened, *, now: datetime) -> None:
    """Tell the village, unless it was closed before anybody heard of it."""
    survey = get_survey(happened.facts["survey_id"])
    if phase_of(survey, now=now) is not Phase.OPEN or survey.closes_at is None:
        return
    inbox.tell(
        inbox.everybody(),
        kind=happened.kind,
        facts={"title": survey.title, "closes_at": survey.closes_at.isoformat()},
        path=inbox.path_to("surveys.show", survey_id=survey.id),
        event_id=happened.event_id,
        ends_at=survey.closes_at,
        now=now,
    )


HANDLERS: dict[str, tuple[Handler, ...]] = {SurveyOpened.kind: (tell_of_survey,)}
