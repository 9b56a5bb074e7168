"""Between the committee's sheet and a draft: what is offered, read, judged, and filled in again."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from flask import g
from flask_babel import gettext as _

from portal.analysis import scenarios
from portal.ballots import profiles, service
from portal.ballots.belenios import tool
from portal.ballots.desk_forms import BallotForm
from portal.ballots.desk_words import EFFECTS, About, rule_note
from portal.ballots.models import Ballot
from portal.ballots.profiles import LegalEffect, Preset
from portal.ballots.rule_words import NAMES
from portal.ballots.rules import Kind, Refusal, Secrecy
from portal.ballots.words import REFUSALS
from portal.core import clock
from portal.core.errors import Refused
from portal.core.words import closing_day, day_words, start_words
from portal.meetings import service as meetings
from portal.meetings.rules import State as MeetingState
from portal.meetings.words import KINDS as MEETINGS
from portal.plans import service as plans

FIELDS = {
    Refusal.CLOSES_BEFORE_IT_OPENS: "closes_on",
    Refusal.CLOSES_IN_THE_PAST: "closes_on",
    Refusal.NOTICE_TOO_SHORT: "opens_on",
    Refusal.NO_PARTY_REVIEW: "party_review_on",
    Refusal.STATUTORY_IS_YES_NO: "kind",
    Refusal.NO_OPTIONS: "kind",
    Refusal.TOO_FEW_OPTIONS: "about",
    Refusal.TOO_MANY_OPTIONS: "about",
    Refusal.SCENARIOS_ARE_WEIGHED: "about",
    Refusal.CHOICES_OUT_OF_RANGE: "max_choices",
    Refusal.SCORES_OUT_OF_RANGE: "max_score",
    Refusal.NO_BUDGET: "budget_yuan",
    Refusal.NO_COSTS: "budget_yuan",
    Refusal.NOTHING_AFFORDABLE: "budget_yuan",
    Refusal.NO_MEETING: "meeting_id",
    Refusal.NO_PARTY_MEETING: "profile",
    Refusal.WRONG_MEETING: "meeting_id",
    Refusal.MEETING_CALLED_OFF: "meeting_id",
    Refusal.MEETING_ANOTHER_DAY: "meeting_id",
    Refusal.NO_KEY: "secrecy",
    Refusal.TOO_FEW_FOR_SECRECY: "secrecy",
    Refusal.NAMES_ARE_ASKED: "secrecy",
    Refusal.PERSONS_VOTE: "unit",
}
"""The field that a refusal speaks of."""
TOLD_LATELY = timedelta(days=30)


@dataclass(frozen=True)
class RuleChoice:
    """A rule as the sheet offers it: its name, and what it asks for."""

    code: str
    name: str
    note: str


def earliest_day(preset: Preset, *, today: date) -> date:
    """Return the first day on which a vote by this rule can begin if it is announced today.

    The day of the announcement is not counted, and the last day of notice ends at 24:00 (T2).
    """
    days = preset.params.notice_days
    return today + timedelta(days=days + 1) if days else today


def rule_choices(*, today: date) -> list[tuple[str, list[RuleChoice]]]:
    """Return the rules of this village, the consultations first: never the two kinds mixed."""
    presets = profiles.list_presets(g.village.code)
    return [
        (
            str(EFFECTS[effect]),
            [
                RuleChoice(
                    preset.code,
                    str(NAMES[preset.code]),
                    rule_note(
                        preset.params,
                        earliest=day_words(earliest_day(preset, today=today), today),
                        citation=preset.citation,
                    ),
                )
                for preset in presets
                if preset.params.legal_effect is effect
            ],
        )
        for effect in (LegalEffect.CONSULTATIVE, LegalEffect.STATUTORY)
    ]


def sheet(ballot: Ballot | None = None, *, is_blank: bool, now: datetime) -> BallotForm:
    """Return the sheet: as it was sent, or blank, filled with what a ballot says."""
    form = _filled(ballot) if ballot else BallotForm(formdata=None) if is_blank else BallotForm()
    held = meetings.list_recent(now=now, days=TOLD_LATELY.days)
    form.offer(
        profiles=[(p.code, NAMES[p.code]) for p in profiles.list_presets(g.village.code)],
        meetings=[
            (
                meeting.id,
                f"{MEETINGS[meeting.kind]}：{meeting.title} · {start_words(meeting.held_at, now)}",
            )
            for meeting in held
            if meeting.state_at(now) is not MeetingState.CANCELLED
        ],
        has_tool=tool.find() is not None,
    )
    return form


def read(form: BallotForm, version_id: int, *, now: datetime) -> service.Draft:
    """Read the sheet: a vote begins at 0:00, today at once, and ends at 24:00.

    Of the fields that do not fit the kind nothing is read. Raises Refused.
    """
    opens_on, closes_on = form.opens_on.data or date.min, form.closes_on.data or date.min
    if closes_on < opens_on:
        raise Refused(Refusal.CLOSES_BEFORE_IT_OPENS)
    own: Sequence[str] = ()
    about = form.about.data if form.fits("about") else About.PROJECTS
    if about is About.WORDS:
        own = form.lines()
        if len(own) < 2:
            raise Refused(Refusal.TOO_FEW_OPTIONS)
    if about is About.SCENARIOS:
        _check_scenarios(form.kind.data, version_id)
    fitting = {
        name: getattr(form, name).data
        for name in ("max_choices", "max_score", "points_total", "budget_yuan")
        if form.fits(name)
    }
    return service.Draft(
        version_id=version_id,
        question=(form.question.data or "").strip(),
        explanation=(form.explanation.data or "").strip(),
        kind=form.kind.data,
        profile_code=form.profile.data,
        opens_at=now if opens_on == clock.today(now) else clock.midnight_before(opens_on),
        closes_at=clock.midnight_after(closes_on),
        secrecy=form.secrecy.data,
        unit=form.unit.data,
        min_choices=(form.fits("min_choices") and form.min_choices.data) or 1,
        min_votes=(form.fits("min_votes") and form.min_votes.data) or 0,
        is_skipping=form.is_skipping.data != "stop",
        words=own,
        on_scenarios=about is About.SCENARIOS,
        meeting_id=form.meeting_id.data or None,
        party_review_on=form.party_review_on.data,
        party_review_note=(form.party_review_note.data or "").strip(),
        **fitting,
    )


def _check_scenarios(kind: Kind, version_id: int) -> None:
    """Ways for the village are weighed against each other: ticked or put in order, two to four."""
    if kind not in (Kind.APPROVAL, Kind.RANKED):
        raise Refused(Refusal.SCENARIOS_ARE_WEIGHED)
    if len(scenarios.list_scenarios(plans.get_version(version_id).plan_id)) < 2:
        raise Refused(Refusal.TOO_FEW_OPTIONS)


def blame(form: BallotForm, refused: Refused, *, now: datetime) -> None:
    """Put the words beside the field they speak of."""
    reason = Refusal(str(refused.reason))
    words = str(REFUSALS[reason])
    if reason is Refusal.NOTICE_TOO_SHORT:
        today = clock.today(now)
        earliest = earliest_day(profiles.PRESETS[form.profile.data], today=today)
        words = _(
            "The village must be told in time. Announced today, the earliest day is %(day)s.",
            day=day_words(earliest, today),
        )
    if reason is Refusal.TOO_FEW_FOR_SECRECY:
        words = _(
            "A secret vote needs at least %(n)s who may vote. Among fewer, the totals alone would"
            " tell how people voted. Let them vote with names, or at a meeting.",
            n=refused.facts["fewest"],
        )
    name = FIELDS.get(reason)
    if name is None:
        form.form_errors.append(words)
    else:
        field = getattr(form, name)
        field.errors = [*field.errors, words]


def _filled(ballot: Ballot) -> BallotForm:
    """Fill the sheet with what a ballot says; what was announced is announced anew, on new days."""
    options = service.list_options(ballot.id)
    about = About.WORDS
    if any(option.scenario_id for option in options):
        about = About.SCENARIOS
    elif any(option.project_id for option in options) or ballot.kind is Kind.YES_NO:
        about = About.PROJECTS
    is_draft = ballot.announced_at is None
    own = [option.words for option in options] if about is About.WORDS else []
    one_tick = ballot.kind in (Kind.YES_NO, Kind.SINGLE)
    return BallotForm(
        formdata=None,
        obj=ballot,
        profile=service.profile_of(ballot)[0].code,
        about=about,
        words="\n".join(own),
        max_choices=None if one_tick else ballot.max_choices,
        min_choices=ballot.min_choices if ballot.min_choices > 1 else None,
        min_votes=ballot.min_votes or None,
        is_skipping="skip" if ballot.is_skipping else "stop",
        meeting_id=(is_draft and ballot.meeting_id) or 0,
        opens_on=clock.today(ballot.opens_at) if is_draft else None,
        closes_on=closing_day(ballot.closes_at) if is_draft else None,
    )


def needs_key(ballot: Ballot) -> bool:
    """Tell whether a drafted secret vote still waits for what seals its papers."""
    return ballot.secrecy is not Secrecy.OPEN and not ballot.public_key
