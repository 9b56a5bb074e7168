"""What happens when a form is sent: it is checked, written, and shown again with what is wrong."""

from collections.abc import Callable
from datetime import datetime

from flask import flash, redirect
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.core import clock
from portal.core.db import transaction
from portal.core.errors import Refused
from portal.core.forms import Form


def save_form(
    form: Form,
    show: Callable[[], str],
    write: Callable[[datetime], object],
    *,
    refuse: Callable[[Form, Refused], None],
    after: str,
    status: int = 422,
) -> ResponseReturnValue:
    """Check a form, write what it says, and go on; or show it again with what is wrong.

    `refuse` puts a refusal of the feature into words on the form; `status` is what it is answered
    with.
    """
    if not form.validate_on_submit():
        return show(), 422
    try:
        with transaction():
            write(clock.now())
    except Refused as refused:
        refuse(form, refused)
        return show(), status
    flash(_("Saved."), "success")
    return redirect(after, 303)
