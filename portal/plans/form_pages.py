"""A form on a page of its own, and what happens when it is sent."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from flask import render_template, url_for
from flask.typing import ResponseReturnValue

from portal.core import saving
from portal.core.forms import Form
from portal.plans import service
from portal.plans.words import refuse


def form_page(
    version_id: int,
    form: Form,
    title: str,
    *,
    back: str | None = None,
    removal: tuple[str, int] | None = None,
) -> str:
    """Show a form of a version on a page of its own; ``removal`` names a part to be taken out."""
    return render_template(
        "plans/form.html",
        version=service.get_version(version_id),
        form=form,
        title=title,
        back=back,
        removal=removal,
    )


def save_form(
    version_id: int,
    form: Form,
    show: Callable[[int, Any], str],
    write: Callable[[datetime], object],
    *,
    after: str | None = None,
) -> ResponseReturnValue:
    """Check a form, write what it says, and go back; or show it again with what is wrong."""
    return saving.save_form(
        form,
        lambda: show(version_id, form),
        write,
        refuse=refuse,
        after=after or url_for(".workbench", version_id=version_id),
    )
