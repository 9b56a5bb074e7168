"""What people are told of the features beside this one: help in somebody's name, personal data.

They are known by the names of their events alone, since features beside each other never meet;
`tests/inbox/test_news.py` sees to it that the names are right.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

from portal.core import clock
from portal.core.outbox import Handler, Happened
from portal.inbox import push
from portal.inbox import service as inbox
from portal.inbox.kinds import Kind
from portal.inbox.rules import Topic, Way
from portal.people import posts
from portal.people import service as people
from portal.people.rules import Role

Facts = Mapping[str, Any]


def _ended(facts: Facts) -> str:
    count = sum(facts["entered"].values())
    if not count:
        return _(
            "%(helper)s entered nothing for %(person)s.",
            helper=facts["helper_name"],
            person=facts["person"],
        )
    return str(
        ngettext(
            "%(helper)s entered %(num)d thing for %(person)s. If that was not the will of"
            " %(person)s, object within seven days.",
            "%(helper)s entered %(num)d things for %(person)s. If that was not the will of"
            " %(person)s, object within seven days.",
            count,
            helper=facts["helper_name"],
            person=facts["person"],
        )
    )


KINDS = {
    "assisting.witness-asked": Kind(
        topic=Topic.MINE,
        words=lambda facts: _(
            "%(helper)s asks you to be the witness of entering something for somebody.",
            helper=facts["helper_name"],
        ),
        can_wait=False,
    ),
    "assisting.witness-answered": Kind(
        topic=Topic.MINE,
        words=lambda facts: (
            _("%(name)s agreed to be the witness: you can begin.", name=facts["witness_name"])
            if facts["agrees"]
            else _("%(name)s declined to be the witness.", name=facts["witness_name"])
        ),
        can_wait=False,
    ),
    "assisting.entered-for-you": Kind(
        topic=Topic.SECURITY,
        words=lambda facts: _(
            "%(helper)s enters something for %(person)s now; the witness is %(witness)s.",
            helper=facts["helper_name"],
            witness=facts["witness_name"],
            person=facts["person"],
        ),
        matters=True,
        can_wait=False,
    ),
    "assisting.sitting-ended": Kind(
        topic=Topic.SECURITY, words=_ended, matters=True, can_wait=False
    ),
    "assisting.objected": Kind(
        topic=Topic.MINE,
        words=lambda facts: _(
            "Somebody objects to what %(helper)s entered for them; the witness was %(witness)s.",
            helper=facts["helper_name"],
            witness=facts["witness_name"],
        ),
        matters=True,
    ),
    "assisting.recognition-asked": Kind(
        topic=Topic.MINE, words=lambda facts: _("Somebody asks to be recognised as a resident.")
    ),
    "assisting.recognition-refused": Kind(
        topic=Topic.MINE,
        words=lambda facts: _(
            "The committee did not recognise you as a resident: %(reason)s", reason=facts["reason"]
        ),
    ),
    "assisting.recognised": Kind(
        topic=Topic.SECURITY,
        words=lambda facts: _(
            "%(person)s was recognised as a resident, on the word of %(names)s. If that is wrong,"
            " tell the supervisor at once.",
            person=facts["person"],
            names=_(" and ").join(facts["voucher_names"]),
        ),
        matters=True,
        can_wait=False,
    ),
    "privacy.data-requested": Kind(
        topic=Topic.MINE, words=lambda facts: _("Somebody asks to put their data right.")
    ),
    "privacy.data-request-answered": Kind(
        topic=Topic.MINE,
        words=lambda facts: (
            _("Your data were put right as you asked.")
            if facts["is_done"]
            else _("The committee has answered what you asked about your data.")
        ),
    ),
    "privacy.data-exported": Kind(
        topic=Topic.SECURITY,
        words=lambda facts: _(
            "A copy of everything kept about you was downloaded. If that was not you, end all"
            " sessions."
        ),
        matters=True,
        can_wait=False,
    ),
}


def _tell(
    happened: Happened, account_ids: list[int], endpoint: str, *, now: datetime, **values: int
) -> None:
    inbox.tell(
        account_ids,
        kind=happened.kind,
        facts=happened.facts,
        path=inbox.path_to(endpoint, **values),
        event_id=happened.event_id,
        now=now,
    )


def tell_witness(happened: Happened, *, now: datetime) -> None:
    """Ask the witness to have a look."""
    facts = happened.facts
    _tell(
        happened,
        [facts["witness_id"]],
        "assisting.show",
        sitting_id=facts["sitting_id"],
        now=now,
    )


def tell_helper(happened: Happened, *, now: datetime) -> None:
    """Tell the helper what the witness said."""
    facts = happened.facts
    helper_id, sitting_id = facts["helper_id"], facts["sitting_id"]
    _tell(happened, [helper_id], "assisting.show", sitting_id=sitting_id, now=now)


def tell_person(happened: Happened, *, now: datetime) -> None:
    """Tell the person for whom something is or was entered, and their second contact (T5)."""
    facts = happened.facts
    person = people.get_resident(facts["resident_id"]).name
    inbox.tell(
        resident_ids=[facts["resident_id"]],
        kind=happened.kind,
        facts={**facts, "second_contact": "", "person": person},
        path=inbox.path_to("assisting.mine"),
        sms_to=[facts["second_contact"]] if facts["second_contact"] else [],
        event_id=happened.event_id,
        now=now,
    )


def tell_watchers(happened: Happened, *, now: datetime) -> None:
    """Tell the supervisors and the head of the committee that somebody objects.

    Where nobody is head, the committee hears of it.
    """
    day = clock.today(now)
    heads = posts.holders((Role.HEAD,), day=day) or posts.holders((Role.COMMITTEE,), day=day)
    watchers = posts.holders((Role.SUPERVISOR,), day=day)
    _tell(happened, [*watchers, *heads], "assisting.helpers", now=now)


def tell_committee(happened: Happened, *, now: datetime) -> None:
    """Tell the committee that somebody asks to be recognised."""
    committee = posts.holders((Role.COMMITTEE, Role.HEAD), day=clock.today(now))
    _tell(
        happened,
        committee,
        "assisting.request_page",
        recognition_id=happened.facts["recognition_id"],
        now=now,
    )


def tell_refused(happened: Happened, *, now: datetime) -> None:
    """Tell whoever asked that they were not recognised, and why."""
    _tell(happened, [happened.facts["account_id"]], "assisting.recognition", now=now)


def tell_recognised(happened: Happened, *, now: datetime) -> None:
    """Tell the person, the phone that was theirs before, and the supervisors (trust.md T6)."""
    facts = happened.facts
    supervisors = posts.holders((Role.SUPERVISOR,), day=clock.today(now))
    person = people.get_resident(facts["resident_id"]).name
    inbox.tell(
        [facts["account_id"], *supervisors],
        kind=happened.kind,
        facts={"person": person, "voucher_names": facts["voucher_names"]},
        path=inbox.path_to("people.me"),
        sms_to=[facts["old_phone"]] if facts["old_phone"] else [],
        event_id=happened.event_id,
        now=now,
    )


def tell_answerers(happened: Happened, *, now: datetime) -> None:
    """Tell the committee that somebody asks to put data right."""
    committee = posts.holders((Role.COMMITTEE, Role.HEAD, Role.ADMIN), day=clock.today(now))
    _tell(happened, committee, "privacy.list_requests", now=now)


def tell_asker(happened: Happened, *, now: datetime) -> None:
    """Tell whoever asked that there is an answer."""
    _tell(happened, [happened.facts["account_id"]], "privacy.requests", now=now)


def tell_exporter(happened: Happened, *, now: datetime) -> None:
    """Tell the owner that a copy left."""
    _tell(happened, [happened.facts["account_id"]], "sign_in.security", now=now)


def forget_browsers(happened: Happened, *, now: datetime) -> None:
    """Forget the browsers of somebody who takes back that they agreed to be told by them."""
    if happened.facts["purpose"] == Way.PUSH and not happened.facts["is_given"]:
        push.unsubscribe_all(happened.facts["account_id"])


HANDLERS: dict[str, tuple[Handler, ...]] = {
    "assisting.witness-asked": (tell_witness,),
    "assisting.witness-answered": (tell_helper,),
    "assisting.entered-for-you": (tell_person,),
    "assisting.sitting-ended": (tell_person,),
    "assisting.objected": (tell_watchers,),
    "assisting.recognition-asked": (tell_committee,),
    "assisting.recognition-refused": (tell_refused,),
    "assisting.recognised": (tell_recognised,),
    "privacy.consent-changed": (forget_browsers,),
    "privacy.data-requested": (tell_answerers,),
    "privacy.data-request-answered": (tell_asker,),
    "privacy.data-exported": (tell_exporter,),
}
