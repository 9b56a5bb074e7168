"""What is sent about an urn: the envelope, the holders' names, their words."""

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, HiddenField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from portal.ballots.paper_forms import KEY
from portal.core.forms import Form

LONGEST = 1000
_NAME = (
    InputRequired(_l("Write the name.")),
    Length(max=40, message=_l("At most 40 characters.")),
)
_OFFICE = (
    InputRequired(_l("Write the office.")),
    Length(max=60, message=_l("At most 60 characters.")),
)
_WORDS = (
    InputRequired(_l("Type the 33 words.")),
    Length(max=LONGEST, message=_l("These are more than 33 words.")),
)


class EnvelopeForm(Form):
    """A sealed vote as a browser sends it. No field of it tells what was chosen."""

    key = HiddenField(validators=[KEY])
    envelope = HiddenField(validators=[InputRequired(), Length(max=400)])
    whose = HiddenField(validators=[InputRequired(), Length(max=64)])


class HoldersForm(Form):
    """The three who are to hold the key."""

    name_1 = StringField(_l("First holder: name"), validators=_NAME)
    office_1 = StringField(_l("First holder: office"), validators=_OFFICE)
    name_2 = StringField(_l("Second holder: name"), validators=_NAME)
    office_2 = StringField(_l("Second holder: office"), validators=_OFFICE)
    name_3 = StringField(_l("Third holder: name"), validators=_NAME)
    office_3 = StringField(_l("Third holder: office"), validators=_OFFICE)

    def holders(self) -> list[tuple[str, str]]:
        """Return the three as (name, office)."""
        return [(self[f"name_{n}"].data or "", self[f"office_{n}"].data or "") for n in (1, 2, 3)]


class KeyForm(Form):
    """All three are here, and the printer is ready."""

    all_here = BooleanField(
        _l("All three holders are here, and the printer is ready."),
        validators=[InputRequired(_l("Only when all three are here."))],
    )


class SharesForm(Form):
    """The words of two holders. They are never kept, and never shown again once they are right."""

    first = TextAreaField(_l("Words of the first holder"), validators=_WORDS)
    second = TextAreaField(_l("Words of the second holder"), validators=_WORDS)

    def typed(self) -> list[str]:
        """Return the words of both."""
        return [self.first.data or "", self.second.data or ""]


class CodeForm(Form):
    """The code of a receipt. It is posted, so that no access log links it to an address."""

    code = StringField(
        _l("Code on your receipt"),
        validators=[
            InputRequired(_l("Type the code.")),
            Length(max=80, message=_l("At most 80 characters.")),
        ],
    )
