"""The words of the rules: their names, what each asks for, and what a meeting's members lack."""

from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from portal.ballots.profiles import Base, Body, Params, Share, Unit

NAMES: dict[str, LazyString] = {
    "consultative": _l("Consultation of everybody aged 18 or over"),
    "consultative-all-ages": _l("Consultation of everybody, children too"),
    "village-meeting": _l("Village meeting: binding, votes are cast at the meeting"),
    "village-meeting-remote": _l("Village meeting: binding, votes by phone count too"),
    "village-meeting-households": _l("Village meeting by households: binding, one vote for each"),
    "representatives": _l("Meeting of the villagers' representatives: binding"),
    "representatives-zhejiang": _l(
        "Meeting of the villagers' representatives in Zhejiang: binding"
    ),
    "representatives-shanghai": _l(
        "Meeting of the villagers' representatives in Shanghai: binding"
    ),
    "group-meeting": _l("Meeting of one villager group: binding for the group"),
    "collective": _l("Collective economic organisation: two thirds of all members must agree"),
    "land": _l("Collective land for business: two thirds of all villagers must agree"),
    "land-representatives": _l(
        "Collective land for business: two thirds of all representatives must agree"
    ),
    "written-shanghai": _l("Asked in writing, with names, in Shanghai: binding"),
    "party-meeting": _l("Meeting of the Party members, before the village decides"),
}
WHOM: dict[Body, LazyString] = {
    Body.VILLAGERS: _l("electors"),
    Body.REPRESENTATIVES: _l("members of the representatives' meeting"),
    Body.GROUP: _l("electors of the group"),
    Body.MEMBERS: _l("members of the collective"),
    Body.PARTY: _l("Party members"),
}


def share_words(share: Share, *, inclusive: bool) -> str:
    """Say a share: more than half, at least two thirds."""
    known = {
        ((1, 2), False): _("more than half"),
        ((1, 2), True): _("at least half"),
        ((2, 3), True): _("at least two thirds"),
        ((2, 3), False): _("more than two thirds"),
    }
    if (share, inclusive) in known:
        return known[share, inclusive]
    numerator, denominator = share
    if inclusive:
        return _("at least %(part)s of %(whole)s", part=numerator, whole=denominator)
    return _("more than %(part)s of %(whole)s", part=numerator, whole=denominator)


def need_lines(params: Params) -> list[str]:
    """Say what a binding vote needs: who must take part, and who must agree."""
    whom = str(WHOM[params.body])
    ways = []
    if params.quorum:
        share = share_words(params.quorum, inclusive=params.quorum_inclusive)
        ways.append(_("%(share)s of the %(whom)s", share=share, whom=whom))
    if params.household_quorum:
        share = share_words(params.household_quorum, inclusive=params.household_quorum_inclusive)
        ways.append(_("%(share)s of the households", share=share))
    lines = []
    if len(ways) == 2:
        lines.append(_("It counts if %(one)s or %(other)s take part.", one=ways[0], other=ways[1]))
    elif ways:
        lines.append(_("It counts if %(one)s take part.", one=ways[0]))
    if params.majority:
        share = share_words(params.majority, inclusive=params.majority_inclusive)
        if params.majority_of is Base.ALL:
            lines.append(
                _(
                    "It passes if %(share)s of all %(whom)s agree, absent ones counted.",
                    share=share,
                    whom=whom,
                )
            )
        else:
            lines.append(_("It passes if %(share)s of those taking part agree.", share=share))
    if params.unit is Unit.HOUSEHOLD:
        lines.append(_("Each household has one vote."))
    if params.real_name:
        lines.append(_("Who answers does so with their name."))
    return lines
