"""The forms of the roster."""

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField, FileRequired, FileSize

from portal.core.forms import Form


class RosterForm(Form):
    """Hand in a roster."""

    file = FileField(
        _l("Roster file (XLSX or CSV)"),
        validators=[
            FileRequired(_l("Choose a file.")),
            FileSize(max_size=16 * 1024 * 1024, message=_l("The file is larger than 16 MB.")),
        ],
    )
