"""Fields that every paper on which people write has."""

from uuid import uuid4

from wtforms import HiddenField
from wtforms.validators import InputRequired, Regexp

from portal.moderation.writing import LONGEST_KEY


def key_field() -> HiddenField:
    """Return a random name for what is being written: sent twice, it is taken once."""
    return HiddenField(
        default=lambda: uuid4().hex,
        validators=[InputRequired(), Regexp(rf"\A[0-9a-zA-Z-]{{8,{LONGEST_KEY}}}\Z")],
    )
