"""The rules of the village's talk, for everybody: what is hidden, who decides, and what waits."""

from flask import render_template
from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from portal.core import clock
from portal.core.access import Part, requires
from portal.moderation import policies as setting
from portal.moderation import word_lists as lists
from portal.moderation.blueprint import bp
from portal.moderation.desk_words import LISTED, LISTS, MODES
from portal.moderation.forms import CODES
from portal.moderation.policy_views import names_of_places
from portal.moderation.rules import Code
from portal.moderation.screening_rules import DEFAULT

# What each reason means (domain.md S12).
RULES: dict[Code, LazyString] = {
    Code.ILLEGAL: _l("What the law forbids: threats, calls to violence, gambling, fraud."),
    Code.RUMOR: _l("Facts that somebody made up and that frighten or harm others."),
    Code.INSULT: _l("Abuse of a person or a group. Say what is wrong, not who is bad."),
    Code.PRIVACY: _l("Identity numbers, telephone numbers, illnesses or debts of others."),
    Code.SPAM: _l("Advertising, and the same words again and again."),
    Code.OBSCENE: _l("What is obscene, in words or pictures."),
    Code.MINOR_HARM: _l("What harms children, or shows a child without the parents' consent."),
    Code.OFF_TOPIC: _l("What has nothing to do with the village; there are other places for it."),
    Code.DUPLICATE: _l("The same opinion of the same person a second time; the first one counts."),
}


@bp.get("/rules")
@requires(Part.ANYONE)
def rules() -> str:
    """Show what may be written here, the only reasons for hiding, and where words wait."""
    return render_template(
        "moderation/rules.html",
        codes=CODES,
        rules=RULES,
        rows=setting.list_policies(),
        names=names_of_places(now=clock.now()),
        modes=MODES,
        default=DEFAULT,
        lists=[(LISTS.get(key), action) for key, action in lists.actions_now().items()],
        deeds=LISTED,
    )
