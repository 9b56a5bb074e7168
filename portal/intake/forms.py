"""The form by which a plan is handed in."""

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField, FileRequired, FileSize
from wtforms import RadioField
from wtforms.validators import InputRequired

from portal.core.forms import Form
from portal.intake.archive import MOST_BYTES

ACCEPT = (
    ".zip,.xlsx,.xls,.csv,.md,.txt,.docx,.geojson,.json,.gpkg,.kml,.kmz,.dxf,.shp,application/zip"
)


class HandInForm(Form):
    """Hand in a plan, or a part of it."""

    file = FileField(
        _l("File"),
        description=_l("One workbook, text or map; or a zip with all of them. At most 20 MB."),
        validators=[
            FileRequired(_l("Choose a file.")),
            FileSize(max_size=MOST_BYTES, message=_l("The file is larger than 20 MB.")),
        ],
        render_kw={"accept": ACCEPT},
    )
    place = RadioField(
        _l("What becomes of it"),
        validators=[InputRequired(_l("Choose one of these."))],
    )
