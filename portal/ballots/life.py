"""What is done with a ballot as a whole: drafted, announced, opened, held up, closed, called off.

Every step locks the ballot's row, asks the rules, writes its facts and a line of its log; the log's
key makes each step one.
"""

import hashlib
import hmac
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import func, select

from portal.analysis import service as analysis
from portal.ballots import events, rules
from portal.ballots.electorate import list_electors
from portal.ballots.models import Ballot, BallotElector, BallotOption, BallotStep, RuleProfile
from portal.ballots.papers import frame_of
from portal.ballots.profiles import PRESETS, Params
from portal.ballots.rules import Secrecy, State, Unit
from portal.ballots.states import Step
from portal.core import clock, secrets
from portal.core.db import db
from portal.core.errors import Refused
from portal.core.outbox import publish
from portal.plans import service as plans

LAST_DAY = timedelta(days=1)
"""So long before its end those who have not voted are told, if it ran that long before."""


@dataclass(frozen=True, kw_only=True)
class Draft:
    """A ballot as the committee writes it down. `words` are the choices of a single choice.

    `scenarios` puts the ways for the village that the planners worked out (情景) beside each other.
    """

    version_id: int
    question: str
    explanation: str = ""
    kind: rules.Kind
    profile_code: str
    opens_at: datetime
    closes_at: datetime
    secrecy: Secrecy = Secrecy.OPEN
    unit: Unit = Unit.PERSON
    max_choices: int | None = None
    min_choices: int = 1
    max_score: int | None = None
    points_total: int | None = None
    budget_yuan: int | None = None
    min_votes: int = 0
    is_skipping: bool = True
    words: Sequence[str] = ()
    scenarios: bool = False
    party_review_on: date | None = None
    party_review_note: str = ""
    public_key: str = ""
