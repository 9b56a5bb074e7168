"""Where the committee keeps its word lists, and sees how good each one is."""

from pathlib import PurePath

from flask import abort, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import LazyString, force_locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from portal.core import clock
from portal.core.access import Part, requires
from portal.core.db import transaction
from portal.core.forms import Form
from portal.moderation import changes, recording, word_files
from portal.moderation import word_lists as lists
from portal.moderation.blueprint import bp
from portal.moderation.desk_words import LISTED, LISTS
from portal.moderation.rules import Listed
from portal.moderation.word_files import Fault, Wrong
from portal.moderation.word_forms import AllowedForm, ListForm, ListSetForm

MOST_SHOWN = 20
FAULTS: dict[Fault, LazyString] = {
    Fault.NOT_TEXT: _l("This is no text. Save it as a text or CSV file."),
    Fault.EMPTY: _l("There is no word in this file."),
    Fault.TOO_MANY: _l("At most 20,000 words fit into a list."),
    Fault.NO_COLUMN: _l("There is no column “word” or “词” in the first row."),
    Fault.TOO_SHORT: _l("A word must have at least two letters: one alone is in too many others."),
    Fault.TOO_LONG: _l("A word has at most 60 letters."),
    Fault.TWICE: _l("This word is in the file already."),
}


@bp.get("/words")
@requires(Part.COMMITTEE)
def words(
    form: ListForm | None = None, allowed: AllowedForm | None = None, wrong: tuple[str, ...] = ()
) -> str:
    """Show every list with what came of it, the names that pass, and the papers for more."""
    return render_template(
        "moderation/words.html",
        form=form or ListForm(formdata=None),
        allowed_form=allowed or AllowedForm(formdata=None),
        plain=Form(formdata=None),
        standing=lists.list_standing(),
        allowed=lists.list_allowed(),
        names=LISTS,
        deeds=LISTED,
        wrong=wrong,
    )


@bp.post("/words")
@requires(Part.COMMITTEE)
def add_list() -> ResponseReturnValue:
    """Take a list from a file, whole or not at all; what is wrong in it is told row by row."""
    form = ListForm()
    if not form.validate_on_submit():
        return words(form), 422
    file = form.file.data
    name = PurePath(file.filename or "").name
    read = word_files.read(file.read(), is_csv=name.lower().endswith(".csv"))
    if read.wrong:
        return words(form, wrong=tuple(_said(name, wrong) for wrong in read.wrong)), 422
    with transaction():
        lists.add_list(
            form.name.data.strip(),
            Listed(form.action.data),
            read.words,
            account_id=g.viewer.account_id,
            now=clock.now(),
        )
        _write_down(form.name.data.strip(), LISTED[Listed(form.action.data)])
    flash(_("The list counts from now on."), "success")
    return redirect(url_for(".words"))


@bp.post("/words/set")
@requires(Part.COMMITTEE)
def set_list() -> ResponseReturnValue:
    """Change what a list does, or switch it off."""
    form = ListSetForm()
    if not form.validate_on_submit():
        abort(400)
    with transaction():
        is_known = lists.set_list(
            request.form.get("list", ""),
            action=Listed(form.action.data),
            is_on=form.is_on.data,
            account_id=g.viewer.account_id,
            now=clock.now(),
        )
        if not is_known:
            abort(404)
        deed = LISTED[Listed(form.action.data)] if form.is_on.data else _l("switched off")
        _write_down(lists.name_of(request.form["list"]), deed)
    flash(_("Set. It counts for everything written from now on."), "success")
    return redirect(url_for(".words"))


@bp.get("/words/<int:list_id>")
@requires(Part.COMMITTEE)
def list_words(list_id: int) -> str:
    """Show the words of a list of the village's own."""
    return render_template(
        "moderation/word_list.html",
        own=lists.get_list(list_id),
        words=lists.list_words(list_id),
        form=Form(formdata=None),
    )


@bp.post("/words/<int:list_id>/remove")
@requires(Part.COMMITTEE)
def remove_list(list_id: int) -> ResponseReturnValue:
    """Throw away a list of the village's own."""
    with transaction():
        name = lists.get_list(list_id).name
        lists.remove_list(list_id)
        _write_down(name, _l("gone"))
    flash(_("The list is gone."), "success")
    return redirect(url_for(".words"))


@bp.post("/words/allowed")
@requires(Part.COMMITTEE)
def allow() -> ResponseReturnValue:
    """Let a name pass from now on."""
    form = AllowedForm()
    if not form.validate_on_submit():
        return words(allowed=form), 422
    word = form.word.data.strip()
    if fault := word_files.why_not_word(word):
        form.word.errors = [FAULTS[fault]]
        return words(allowed=form), 422
    with transaction():
        lists.allow(word, account_id=g.viewer.account_id)
        _write_down("", _l("names that pass"))
    flash(_("This name passes from now on."), "success")
    return redirect(url_for(".words"))


@bp.post("/words/allowed/<int:word_id>/remove")
@requires(Part.COMMITTEE)
def disallow(word_id: int) -> ResponseReturnValue:
    """Let a name pass no longer."""
    with transaction():
        lists.disallow(word_id)
        _write_down("", _l("names that pass"))
    flash(_("This name passes no longer."), "success")
    return redirect(url_for(".words"))


def _write_down(name: str, deed: LazyString) -> None:
    """Write into log and record what became of a list; names that pass may be those of people."""
    with force_locale(recording.LANGUAGE):
        words = _(": ").join(filter(None, (str(LISTS.get(name, name)), str(deed))))
    now = clock.now()
    changes.write_down(changes.LISTS, words=words, account_id=g.viewer.account_id, now=now)


def _said(name: str, wrong: Wrong) -> str:
    facts = {"file": name, "row": wrong.row, "word": wrong.word, "fault": FAULTS[wrong.fault]}
    if not wrong.row:
        return _("%(file)s: %(fault)s", **facts)
    if not wrong.word:
        return _("%(file)s, row %(row)s: %(fault)s", **facts)
    return _("%(file)s, row %(row)s, “%(word)s”: %(fault)s", **facts)
