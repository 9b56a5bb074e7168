"""The portal's own commands: flask start, demo, village, account."""

import sys

import click
from flask import Flask, current_app
from flask_migrate import upgrade

from portal import demo
from portal.core import clock
from portal.core.db import transaction
from portal.core.scope import village_scope
from portal.people import service as people
from portal.people.rules import Role
from portal.sign_in import slips
from portal.sign_in.rules import grouped


def register(
    app: Flask, loaders: tuple[demo.Loader, ...], commands: tuple[click.Command, ...]
) -> None:
    """Give the app its commands: the portal's own, and those of the features."""
    app.extensions["demo_loaders"] = loaders
    for command in (start, demo_command, village, account, *commands):
        app.cli.add_command(command)


@click.command("start")
def start() -> None:
    """Bring the database up to date, load the demonstration village once, say who may sign in."""
    upgrade()
    _refuse_in_production()
    if not demo.is_loaded():
        click.echo("Loading the demonstration village, this once …")
        _load()
    _show()


@click.command("demo")
@click.option("--once", is_flag=True, help="Do nothing if the village is there already.")
@click.option("--show", is_flag=True, help="Only say who may sign in.")
@click.option("--seed", default=demo.SEED, show_default=True, help="Another seed, another village.")
def demo_command(once: bool, show: bool, seed: int) -> None:
    """Load the demonstration village: made up, and said to be so wherever it is shown."""
    _refuse_in_production()
    if not show:
        if demo.is_loaded():
            if not once:
                raise click.ClickException("the demonstration village is here already")
        else:
            _load(seed)
    _show()


def _refuse_in_production() -> None:
    if current_app.config["SETTINGS"].production:
        raise click.ClickException("the demonstration village has no place in production")


def _load(seed: int = demo.SEED) -> None:
    demo.load(current_app.extensions["demo_loaders"], now=clock.now(), seed=seed)


def _show() -> None:
    host = f"{current_app.config['SETTINGS'].public_url}/v"
    click.echo(f"\n  {demo.NAME}: {host}/{demo.CODE}/\n")
    click.echo("  One sign-in for each part (a phone's code is printed here, below):")
    for way in demo.sign_ins():
        slip = f"{host}/{way.code}/slip/{way.slip}"
        click.echo(f"    {way.part:<14} phone {way.phone}   slip {slip}")
    click.echo("")
    sys.stdout.flush()


@click.group("village")
def village() -> None:
    """Villages of this house."""


@village.command("add")
@click.argument("code")
@click.argument("name")
@click.option("--above", default="", help="Names above it: province/prefecture/county/township.")
def add_village(code: str, name: str, above: str) -> None:
    """Add the village NAME with its 12-digit division CODE."""
    try:
        with transaction():
            people.add_village(code=code, name=name, above=tuple(filter(None, above.split("/"))))
    except ValueError as fault:
        raise click.ClickException(str(fault)) from fault
    click.echo(f"{name}: /v/{code}/")


@click.group("account")
def account() -> None:
    """Accounts of those who work for a village."""


@account.command("add")
@click.argument("code")
@click.argument("name")
@click.option("--role", type=click.Choice([r.value for r in Role]), required=True)
@click.option("--phone", help="11 digits; sign-in codes go there.")
def add_account(code: str, name: str, role: str, phone: str | None) -> None:
    """Give NAME an account in the village CODE and print a sign-in code for it."""
    found = people.find_village(code)
    if found is None:
        raise click.ClickException(f"there is no village {code}")
    with village_scope(found.id), transaction():
        made = people.add_account(name=name, role=Role(role), phone=phone)
        slip = slips.make_slip(account_id=made.id, now=clock.now())
    click.echo(f"{name} ({role}): slip {grouped(slip)}")
