"""What is kept about who somebody is: the account, the roster's row, posts, sittings."""

from datetime import datetime

from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, case, or_, update
from sqlalchemy.orm import aliased

from portal.core import personal
from portal.core.db import db
from portal.core.masking import mask_name
from portal.core.personal import Fact, Person, Pile, Wish, of_resident
from portal.core.scope import all_villages
from portal.people.models import (
    Account,
    AssistedSitting,
    Household,
    Post,
    Region,
    Resident,
    VillagerGroup,
)
from portal.people.rules import Sex
from portal.people.words import ASSISTANCE_REASONS, CHANNELS, ROLES

_helper, _witness = aliased(Account), aliased(Account)


def _own_note(person: Person) -> ColumnElement[str]:
    """Return the note to whom it is about or who wrote it; the witness is told without it."""
    is_theirs = or_(
        AssistedSitting.resident_id == person.resident_id,
        AssistedSitting.helper_id == person.account_id,
    )
    return case((is_theirs, AssistedSitting.note), else_="")


LANGUAGES = {"zh_Hans": _l("Chinese"), "en": _l("English")}
SEXES = {Sex.MALE: _l("male"), Sex.FEMALE: _l("female"), Sex.UNKNOWN: _l("not known")}


def forget(person: Person, wish: Wish, *, now: datetime) -> int:
    """Close the account and take off it whatever names the person.

    The tie to the roster is cut, so that the same person can come back with a new account. The
    name of whoever held a post stays: who was responsible when is public (domain.md no. 14).
    """
    with all_villages("an account may be at home in a region above the village"):
        account = db.session.get_one(Account, person.account_id)
        held = db.session.query(Post.id).filter(Post.account_id == account.id).first()
        if account.erased_at is None:
            account.erased_at = now
        account.is_active = False
        account.resident_id = account.phone = account.pin_digest = None
        account.sessions_from = account.erased_at
        if held is None:
            account.name = mask_name("")
        db.session.flush()
    if not wish.clears_roster or person.resident_id is None:
        return 0
    cleared = db.session.execute(
        update(Resident)
        .where(Resident.id == person.resident_id)
        .values(phone=None, second_contact=None)
        .returning(Resident.id)
    )
    return len(cleared.all())


KEEPER = personal.Keeper(
    "people",
    _l("Who I am here"),
    (
        Pile(
            Account,
            _l("My account"),
            (
                Fact("name", _l("Name"), Account.name),
                Fact("phone", _l("Phone"), Account.phone),
                Fact("language", _l("Language"), Account.language, LANGUAGES),
                Fact("has_pin", _l("Has a PIN"), Account.pin_digest.is_not(None)),
            ),
            lambda person: Account.id == person.account_id,
        ),
        Pile(
            Resident,
            _l("My row on the village's roster"),
            (
                Fact("name", _l("Name"), Resident.name),
                Fact("sex", _l("Sex"), Resident.sex, SEXES),
                Fact("born_on", _l("Born on"), Resident.born_on),
                Fact("group", _l("Villager group"), VillagerGroup.name),
                Fact("household", _l("Household"), Household.number),
                Fact("phone", _l("Phone"), Resident.phone),
                Fact("second_contact", _l("Second contact"), Resident.second_contact),
                Fact("id_last4", _l("Last four of the ID number"), Resident.id_last4),
                Fact(
                    "is_representative", _l("Speaks for the household"), Resident.is_representative
                ),
                Fact("is_registered", _l("Registered here"), Resident.is_registered),
                Fact("is_away", _l("Lives away"), Resident.is_away),
                Fact("admitted_on", _l("Admitted to vote on"), Resident.admitted_on),
                Fact("left_on", _l("Left on"), Resident.left_on),
            ),
            of_resident(Resident.id),
            joined=(
                (Household, Household.id == Resident.household_id),
                (VillagerGroup, VillagerGroup.id == Resident.group_id),
            ),
        ),
        Pile(
            Post,
            _l("Posts that I hold or held"),
            (
                Fact("role", _l("Post"), Post.role, ROLES),
                Fact("region", _l("Where"), Region.name),
                Fact("begins_on", _l("From"), Post.begins_on),
                Fact("ends_on", _l("Until"), Post.ends_on),
                Fact("organisation", _l("Organisation"), Post.organisation),
                Fact("duties", _l("Duties"), Post.duties),
            ),
            lambda person: Post.account_id == person.account_id,
            joined=((Region, Region.id == Post.village_id),),
        ),
        Pile(
            AssistedSitting,
            _l("When somebody entered something for me, or I did for somebody"),
            (
                Fact("asked_at", _l("When"), AssistedSitting.asked_at),
                Fact("for_whom", _l("For whom"), Resident.name, is_of_others=True),
                Fact("helper", _l("Helper"), _helper.name, is_of_others=True),
                Fact("witness", _l("Witness"), _witness.name, is_of_others=True),
                Fact("channel", _l("How"), AssistedSitting.channel, CHANNELS),
                Fact("reason", _l("Reason"), AssistedSitting.reason, ASSISTANCE_REASONS),
                Fact("note", _l("Note"), _own_note),
                Fact("ended_at", _l("Until"), AssistedSitting.ended_at),
                Fact("objected_at", _l("Objected on"), AssistedSitting.objected_at),
                Fact("objection", _l("Objection"), AssistedSitting.objection),
            ),
            lambda person: or_(
                AssistedSitting.helper_id == person.account_id,
                AssistedSitting.witness_id == person.account_id,
                AssistedSitting.resident_id == person.resident_id,
            ),
            joined=(
                (Resident, Resident.id == AssistedSitting.resident_id),
                (_helper, _helper.id == AssistedSitting.helper_id),
                (_witness, _witness.id == AssistedSitting.witness_id),
            ),
        ),
    ),
    forget,
    untold={
        "post.given_by_id": "an act of office about somebody else, told to that person",
        "post.ended_by_id": "an act of office about somebody else, told to that person",
        "account.resident_id": "the account's own tie to the roster row, which is told",
        "resident.household_id": "the row itself is told; others of the household have their own",
    },
)
