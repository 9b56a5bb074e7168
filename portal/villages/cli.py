"""flask operator: how a house gets its first operator, and one who lost every way in."""

from datetime import datetime

import click
from flask import current_app
from sqlalchemy import select

from portal.core import clock
from portal.core.db import db, transaction
from portal.core.scope import village_scope
from portal.people import places, posts
from portal.people import service as people
from portal.people.models import Account, Region
from portal.people.rules import Level, Role, level_of, plain_phone
from portal.sign_in.rules import grouped
from portal.villages import accounts


@click.command("operator")
@click.argument("code")
@click.argument("name")
@click.option("--phone", help="11 digits; sign-in codes go there.")
@click.option("--names", default="", help="Names down to the region: province/city/county.")
@click.option(
    "--again", is_flag=True, help="NAME has lost every way in: end all, print a new slip."
)
def operator(code: str, name: str, phone: str | None, names: str, again: bool) -> None:
    """Make NAME the first operator of the region CODE, and print the slip to sign in with, once.

    Every further post is given on the pages, by those who hold one: nobody else gets in this way.
    """
    level = level_of(code)
    if level is None or level is Level.VILLAGE:
        raise click.ClickException(f"{code} is not the code of a region above the villages")
    number = plain_phone(phone) if phone else None
    if phone and number is None:
        raise click.ClickException(f"{phone} is not a mobile number")
    now = clock.now()
    with transaction():
        region = places.grow(code, tuple(filter(None, names.split("/"))))
        if region.name == region.code:
            raise click.ClickException("say what the region is called, with --names")
        with village_scope(region.id):
            account = _again(name, now=now) if again else _first(name, number, region, now=now)
            slip = accounts.begin_anew(account, now=now)
    host = current_app.config["SETTINGS"].public_url
    click.echo(f"{name}, operator of {region.name} ({code})")
    click.echo(f"Slip, shown this once: {grouped(slip)}   {host}/v/{code}/slip/{slip}")


def _first(name: str, phone: str | None, region: Region, *, now: datetime) -> Account:
    if posts.holders([Role.OPERATOR], day=clock.today(now)):
        raise click.ClickException(
            f"{region.name} has an operator, who gives further posts on the page “Posts and staff”"
        )
    account = people.add_account(name=name, phone=phone)
    posts.give_post(account.id, Role.OPERATOR, now=now)
    return account


def _again(name: str, *, now: datetime) -> Account:
    held = posts.holders([Role.OPERATOR], day=clock.today(now))
    query = select(Account).where(Account.id.in_(held), Account.name == name)
    account = db.session.scalar(query.order_by(Account.id))
    if account is None:
        raise click.ClickException(f"no operator here is called {name}")
    return account
