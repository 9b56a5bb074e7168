"""What every form refuses, whatever its fields say."""

import pytest
from werkzeug.datastructures import MultiDict
from wtforms import DateField, DecimalField, IntegerField, SelectMultipleField, StringField
from wtforms.validators import InputRequired, Optional
from wtforms.widgets import HiddenInput

from portal.core.forms import Form


class Asked(Form):
    """A field of each kind."""

    words = StringField(validators=[InputRequired("needed")])
    day = DateField(validators=[Optional()])
    number = IntegerField(validators=[Optional()])
    amount = DecimalField(validators=[Optional()])
    several = SelectMultipleField(coerce=int, validate_choice=False)
    moment = IntegerField(validators=[Optional()], widget=HiddenInput())


@pytest.mark.parametrize("database", ["sqlite"])
@pytest.mark.parametrize(
    ("sent", "wrong"),
    [
        ({"words": "好"}, set()),
        ({"words": "\u200b\x00 \u2060"}, {"words"}),
        ({"words": "好", "day": "0001-01-01"}, {"day"}),
        ({"words": "好", "day": "9999-12-31"}, {"day"}),
        ({"words": "好", "day": "2026-02-28"}, set()),
        ({"words": "好", "number": "9" * 40}, {"number"}),
        ({"words": "好", "number": str(2**31 - 1)}, set()),
        ({"words": "好\x00", "number": "1"}, {"words"}),
        ({"words": "好", "amount": "1" * 20}, {"amount"}),
        ({"words": "好", "amount": "NaN"}, {"amount"}),
        ({"words": "好", "amount": "12.50"}, set()),
        ({"words": "好", "several": ["1", "9" * 20]}, {"several"}),
        ({"words": "好", "several": ["1", "2"]}, set()),
        ({"words": "好", "moment": "1795284000000"}, set()),  # the page's own
        ({"words": "好", "moment": "9" * 20}, {"moment"}),
    ],
)
def test_what_nobody_means_is_said_at_its_field(app, sent, wrong):
    form = Asked(MultiDict(sent))
    assert form.validate() is not bool(wrong)
    assert set(form.errors) == wrong
