"""The sheet on which the committee writes a ballot down."""

from collections.abc import Iterable

from flask_babel import lazy_gettext as _l
from wtforms import (
    DateField,
    IntegerField,
    RadioField,
    SelectChoice,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from portal.ballots.desk_words import ABOUT, ASKED, LIMITS, SECRECY, UNITS, About
from portal.ballots.rules import Kind, Secrecy, Unit
from portal.core.forms import LARGEST, Form

ONE_OR_MORE = NumberRange(1, LARGEST, message=_l("Write a number of 1 or more."))
NEEDED = InputRequired(_l("Choose one."))

FITTING: dict[Kind, tuple[str, ...]] = {
    Kind.YES_NO: (),
    Kind.SINGLE: ("about", "words"),
    Kind.APPROVAL: ("about", "words", "max_choices", "min_choices"),
    Kind.RANKED: ("about", "words", "max_choices", "min_choices"),
    Kind.SCORE: ("about", "words", "max_choices", "min_choices", "max_score", "points_total"),
    Kind.BUDGET: ("max_choices", "budget_yuan", "min_votes", "is_skipping"),
}
"""The fields that fit a kind of question; what is sent for the others is not read."""


def row_id(text: object) -> int:
    """Read the id of a row; what is none becomes 0, which stands for nothing."""
    digits = str(text)
    is_id = digits.isascii() and digits.isdigit() and len(digits) < 11
    return int(digits) if is_id and int(digits) <= LARGEST else 0


class BallotForm(Form):
    """A ballot as the committee writes it down; `offer` says which rules and meetings there are."""

    question = StringField(
        _l("Question"),
        description=_l("One question, in words that everybody understands"),
        validators=[
            InputRequired(_l("Write the question.")),
            Length(max=200, message=_l("At most 200 characters.")),
        ],
    )
    explanation = TextAreaField(
        _l("What people should know"),
        validators=[Length(max=4000, message=_l("At most 4000 characters."))],
    )
    kind = RadioField(
        _l("What is asked"),
        choices=[SelectChoice(kind, words) for kind, words in ASKED.items()],
        coerce=Kind,
        default=Kind.YES_NO,
        validators=[NEEDED],
    )
    about = RadioField(
        _l("What there is to choose from"),
        choices=[SelectChoice(about, words) for about, words in ABOUT.items()],
        coerce=About,
        default=About.PROJECTS,
        validators=[Optional()],
    )
    words = TextAreaField(
        _l("The choices, if you write them yourself"),
        description=_l("One to a line"),
        validators=[Length(max=8000, message=_l("At most 8000 characters."))],
    )
    max_choices = IntegerField(
        _l("Greatest number of choices"),
        description=_l("Empty means as many as one likes"),
        validators=[Optional(), ONE_OR_MORE],
    )
    min_choices = IntegerField(
        _l("Least number of choices"),
        description=_l("Empty means one"),
        validators=[Optional(), ONE_OR_MORE],
    )
    max_score = IntegerField(
        _l("Most points for one choice"),
        description=_l("From 1 to 100"),
        validators=[Optional(), ONE_OR_MORE],
    )
    points_total = IntegerField(
        _l("Points that each has to give out"),
        description=_l("Empty means that there is no total"),
        validators=[Optional(), ONE_OR_MORE],
    )
    budget_yuan = IntegerField(
        _l("Money to be given out, in yuan"), validators=[Optional(), ONE_OR_MORE]
    )
    min_votes = IntegerField(
        _l("Votes that a project needs at least"),
        description=_l("Empty means that one is enough"),
        validators=[Optional(), ONE_OR_MORE],
    )
    is_skipping = RadioField(
        _l("When the next project costs more than what is left"),
        choices=[SelectChoice(key, words) for key, words in LIMITS.items()],
        default="skip",
        validators=[Optional()],
    )
    profile = RadioField(_l("By which rule"), default="consultative", validators=[NEEDED])
    unit = RadioField(
        _l("Who has one vote"),
        choices=[SelectChoice(unit, words) for unit, words in UNITS.items()],
        coerce=Unit,
        default=Unit.PERSON,
        validators=[NEEDED],
    )
    secrecy = RadioField(
        _l("Who can know how somebody voted"),
        choices=[SelectChoice(secrecy, words) for secrecy, words in SECRECY.items()],
        coerce=Secrecy,
        default=Secrecy.OPEN,
        validators=[NEEDED],
    )
    meeting_id = SelectField(_l("Meeting"), coerce=row_id, default=0, validators=[Optional()])
    opens_on = DateField(_l("First day of voting"), validators=[InputRequired(_l("Choose a day."))])
    closes_on = DateField(
        _l("Last day of voting, until 24:00"), validators=[InputRequired(_l("Choose a day."))]
    )
    party_review_on = DateField(
        _l("Day of the Party organisation's review"), validators=[Optional()]
    )
    party_review_note = StringField(
        _l("Note of the review"),
        description=_l("For example the number of the minutes"),
        validators=[Length(max=400, message=_l("At most 400 characters."))],
    )

    def offer(
        self,
        *,
        profiles: Iterable[tuple[str, object]],
        meetings: Iterable[tuple[int, str]],
        has_tool: bool,
    ) -> None:
        """Fill in what there is to choose from in this village."""
        self.profile.choices = [SelectChoice(code, words) for code, words in profiles]
        none = SelectChoice(0, _l("No meeting"))
        self.meeting_id.choices = [none, *(SelectChoice(id, words) for id, words in meetings)]
        if not has_tool:
            self.secrecy.choices = [
                choice for choice in self.secrecy.choices if choice.value != Secrecy.BELENIOS
            ]

    def fits(self, name: str) -> bool:
        """Tell whether a field belongs to the kind that was chosen."""
        return name in FITTING[self.kind.data]

    def lines(self) -> list[str]:
        """Return the choices in free words, without blanks around them and empty lines."""
        return [line.strip() for line in (self.words.data or "").splitlines() if line.strip()]


class ReasonForm(Form):
    """Why something is done with a ballot; everybody reads it."""

    reason = StringField(
        _l("Reason"),
        description=_l("Everybody reads it."),
        validators=[
            InputRequired(_l("Write the reason.")),
            Length(max=400, message=_l("At most 400 characters.")),
        ],
    )
