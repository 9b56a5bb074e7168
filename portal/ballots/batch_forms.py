"""What is written down of the papers of a station."""

from collections.abc import Iterable

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField, FileRequired, FileSize
from wtforms import HiddenField, IntegerField, SelectChoice, SelectField, StringField, TextAreaField
from wtforms.validators import AnyOf, InputRequired, Length, NumberRange, Optional

from portal.ballots.desk_forms import row_id
from portal.ballots.witnesses import Seat
from portal.core.forms import Form

LARGEST_PHOTO = 12 * 1024 * 1024
COUNT = NumberRange(0, 999_999, message=_l("Write a number of 0 or more."))


class WitnessForm(Form):
    """Another witness of a sheet, in the place of one who does not agree."""

    seat = HiddenField(validators=[AnyOf(list(Seat))])
    instead_of = HiddenField(filters=[row_id])
    name = StringField(
        _l("The new witness"),
        description=_l("The name; where several have it, a space and the household number."),
        validators=[
            InputRequired(_l("Write the name of the witness.")),
            Length(max=100, message=_l("At most 100 characters.")),
        ],
    )
    reason = StringField(
        _l("Reason"),
        description=_l("Everybody reads it."),
        validators=[
            InputRequired(_l("Write the reason.")),
            Length(max=300, message=_l("At most 300 characters.")),
        ],
    )


class SumsForm(Form):
    """What stood on the papers. The sums by answer stand beside it, as `sum-<option>`."""

    invalid = IntegerField(
        _l("Spoiled papers"), default=0, validators=[InputRequired(_l("Write a number.")), COUNT]
    )
    lines = TextAreaField(
        _l("The papers, equal ones together"),
        description=_l(
            "One kind of paper to a line: how many, a colon, the numbers of the choices. “12: 1 3”"
            " means twelve papers with the choices 1 and 3."
        ),
        validators=[Optional(), Length(max=20_000, message=_l("At most 20000 characters."))],
    )


class StationForm(SumsForm):
    """The papers of a station, with who counted them before whom. The ticks are `voted`."""

    station = StringField(
        _l("Where the papers were put in"),
        description=_l("For example the hall of group 3"),
        validators=[
            InputRequired(_l("Write the place.")),
            Length(max=80, message=_l("At most 80 characters.")),
        ],
    )
    papers = IntegerField(
        _l("Number of papers in the box"),
        validators=[
            InputRequired(_l("Write a number.")),
            NumberRange(1, 999_999, message=_l("Write a number of 1 or more.")),
        ],
    )
    supervisor = SelectField(
        _l("Witness of the supervision committee"),
        coerce=row_id,
        validators=[InputRequired(_l("Choose one."))],
    )
    witness = StringField(
        _l("The other witness of the count"),
        description=_l(
            "The name; where several have it, a space and the household number. Somebody with an"
            " account of their own, not of the committee."
        ),
        validators=[
            InputRequired(_l("Write the name of the other witness of the count.")),
            Length(max=100, message=_l("At most 100 characters.")),
        ],
    )
    photo = FileField(
        _l("Photo or scan of the signed list and the sums"),
        description=_l(
            "Only its fingerprint is kept here. The sheet itself belongs in the village's archive."
        ),
        validators=[
            FileRequired(_l("Choose the photo of the sheet.")),
            FileSize(LARGEST_PHOTO, message=_l("The file is larger than 12 MB.")),
        ],
    )

    def offer(self, supervisors: Iterable[tuple[int, str]]) -> None:
        """Fill in who is of the supervision committee."""
        self.supervisor.choices = [SelectChoice(id, name) for id, name in supervisors]
