"""What is kept of somebody's replies. They stay, for they are counted; no name stands in them."""

from flask_babel import lazy_gettext as _l

from portal.core.personal import Fact, Keeper, Pile, of_resident
from portal.people.words import CHANNELS
from portal.surveys.models import Answer, Reply, Survey

KEEPER = Keeper(
    "surveys",
    _l("Surveys"),
    (
        Pile(
            Reply,
            _l("Surveys that I answered"),
            (
                Fact("survey", _l("Survey"), Survey.title),
                Fact("number", _l("Number"), Reply.number),
                Fact("done_at", _l("When"), Reply.done_at),
                Fact("channel", _l("How"), Reply.channel, CHANNELS),
                Fact("receipt", _l("Receipt"), Reply.receipt),
            ),
            of_resident(Reply.resident_id),
            joined=((Survey, Survey.id == Reply.survey_id),),
        ),
        Pile(
            Answer,
            _l("My answers"),
            (
                Fact("number", _l("Number"), Reply.number),
                Fact("question", _l("Question"), Answer.question),
                Fact("value", _l("Answer"), Answer.value),
            ),
            of_resident(Reply.resident_id),
            joined=((Reply, Reply.id == Answer.reply_id),),
        ),
    ),
    untold={
        "survey_reply.household_id": "the household the person was of, told with the roster row",
    },
)
