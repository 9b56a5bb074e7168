"""What the reasons of `rules.py` are called on the pages and in `flask verify`."""

from enum import StrEnum

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from portal.transparency.rules import Fault, Refusal, TreeFault

REFUSALS: dict[StrEnum, LazyString] = {
    Refusal.NOTHING_GIVEN: _l("Choose the file, or paste its digest."),
    Refusal.NOT_A_DIGEST: _l("A digest has 64 characters: the figures 0 to 9, the letters a to f."),
    Refusal.FILE_TOO_LARGE: _l("The file is larger than 16 MB. None of ours is."),
    Refusal.NOT_CONTINUED: _l(
        "The record does not continue what was signed before. Nothing is signed on top of it."
    ),
}
KINDS: dict[str, LazyString] = {
    "ballot-opened": _l("Vote opened: question, choices, rule and list"),
    "ballot-closed": _l("Vote closed: how many took part"),
    "ballot-counted": _l("Vote counted"),
    "plan_version": _l("Version of a plan"),
    "moderation": _l("Decision of the moderators"),
}
"""What an entry is, where its subject does not say it already."""
FAULTS: dict[StrEnum, LazyString] = {
    Fault.NUMBER_MISSING: _l("An entry is missing here."),
    Fault.PREVIOUS_DIFFERS: _l("The entry before this one was changed."),
    Fault.ENTRY_CHANGED: _l("This entry was changed after it was made."),
    Fault.FILE_CHANGED: _l("The file was changed after it was published."),
    Fault.FILE_MISSING: _l("The file is missing."),
    Fault.FILE_NOT_RECORDED: _l("A file is kept that the record does not know."),
    Fault.CONTENT_CHANGED: _l("The content was changed after it was published."),
    Fault.NO_KEEPER: _l("Nobody keeps the files of this kind."),
}

TREE_FAULTS: dict[StrEnum, LazyString] = {
    TreeFault.LEAF_MISSING: _l("A line was taken out in the middle."),
    TreeFault.SHORTER: _l("Lines that were signed are no longer there: the end was cut off."),
    TreeFault.ROOT_DIFFERS: _l("The lines are not those that were signed: some were changed."),
    TreeFault.NODE_CHANGED: _l("An interim result, kept to prove faster, does not fit the lines."),
    TreeFault.NOT_SIGNED: _l("The signature is not that of this house."),
}
