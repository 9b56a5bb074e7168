"""The form on the page behind the QR code."""

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from wtforms import StringField
from wtforms.validators import Length, Optional

from portal.core.forms import Form


class CompareForm(Form):
    """A file, or the digest of one, to compare with the record."""

    file = FileField(_l("The file (PDF)"))
    digest = StringField(
        _l("Or its digest (SHA-256)"),
        validators=[Optional(), Length(max=200, message=_l("A digest has 64 characters."))],
    )
