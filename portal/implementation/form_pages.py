"""A form on a page of its own, and what happens when it is sent."""

from collections.abc import Callable
from datetime import datetime

from flask import render_template
from flask.typing import ResponseReturnValue

from portal.core import saving
from portal.core.errors import Refused
from portal.core.forms import Form
from portal.implementation.words import REFUSALS


def form_page(form: Form, title: str, *, back: str, lead: str = "") -> str:
    """Show a form on a page of its own."""
    return render_template("implementation/form.html", form=form, title=title, back=back, lead=lead)


def save_form(
    form: Form,
    show: Callable[[], str],
    write: Callable[[datetime], object],
    *,
    after: str,
) -> ResponseReturnValue:
    """Check a form, write what it says, and go on; or show it again with what is wrong."""
    return saving.save_form(form, show, write, refuse=_refuse, after=after, status=409)


def _refuse(form: Form, refused: Refused) -> None:
    form.form_errors.append(str(REFUSALS[refused.reason]))
