"""What the demonstration village has voted on: one vote that passed, and one that is open."""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select

from portal.ballots import rules, service
from portal.ballots.models import Ballot, BallotElector
from portal.core import clock
from portal.core.db import db
from portal.people.rules import AgeBand, Channel
from portal.plans import service as plans

CENTRE = Answers = None  # replaced below


@dataclass(frozen=True)
class Voter:
    """An elector as the loader sees them."""

    resident_id: int
    household_id: int
    group_id: int
    age_band: AgeBand
