"""The form on the page behind the QR code."""

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from wtforms import IntegerField, StringField
from wtforms.validators import InputRequired, Length, NumberRange, Optional, ValidationError

from portal.core.forms import Form
from portal.transparency import rules


class CompareForm(Form):
    """A file, or the digest of one, to compare with the record."""

    file = FileField(_l("The file (PDF)"))
    digest = StringField(
        _l("Or its digest (SHA-256)"),
        validators=[Optional(), Length(max=200, message=_l("A digest has 64 characters."))],
    )


class PaperForm(Form):
    """What stands on a slip of the record: how many lines, and their digest."""

    size = IntegerField(
        _l("Number of lines on the slip"),
        validators=[
            InputRequired(_l("Enter the number that stands on the slip.")),
            NumberRange(1, 2147483647, _l("Enter the number that stands on the slip.")),
        ],
    )
    root = StringField(
        _l("Digest on the slip"),
        validators=[InputRequired(_l("Enter the digest that stands on the slip."))],
    )

    def validate_root(self, field: StringField) -> None:
        """Accept the digest or how it begins."""
        if rules.as_beginning(field.data or "") is None:
            raise ValidationError(
                _l("Enter the whole digest, or its first 16 signs: figures 0 to 9, letters a to f.")
            )
