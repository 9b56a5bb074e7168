"""A survey to answer."""

from datetime import timedelta

import pytest

from portal.core import clock
from portal.core.db import db, transaction
from portal.surveys import sample, service

FORM = sample.workbook(
    (
        ("select_one yes_no", "knows", "yes", "您知道“村庄规划”吗？", "", "Do you know the plan?"),
        ("select_multiple wishes", "first", "", "哪些事应当先做？", "", "What first?"),
        ("integer", "away", "", "几口人在外务工？", "", "How many work away?"),
        ("text", "words", "", "还有什么想说的？", "", "Anything else?"),
    ),
    (
        ("yes_no", "yes", "知道", "Yes"),
        ("yes_no", "no", "不知道", "No"),
        ("wishes", "road", "修路", "Roads"),
        ("wishes", "water", "供水", "Water"),
        ("wishes", "care", "养老", "Care"),
    ),
    (("村民需求调查", "need", "1", sample.ZH),),
)
GIVEN = {
    "knows": ["yes"],
    "first": ["care", "road"],
    "away": ["２"],
    "words": ["  桥该修了\r\n谢谢 "],
}


@pytest.fixture
def now():
    return clock.now()


@pytest.fixture
def draft(cast, now):
    """A draft's id."""
    with transaction():
        survey = service.import_survey("需求.xlsx", FORM, now=now)
        survey_id = survey.id
    db.session.remove()
    return survey_id


@pytest.fixture
def survey(draft, now):
    """The id of a survey that has just opened and closes in a week."""
    with transaction():
        opened = service.get_survey(draft, drafts=True)
        service.open_survey(
            opened,
            title="村民需求调查",
            lead="为编制规划征求您的意见",
            first_day=clock.today(now),
            last_day=clock.today(now) + timedelta(days=7),
            now=now,
        )
    db.session.remove()
    return draft
