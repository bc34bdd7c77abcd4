"""The command line. Each command imports what it needs when it is called, so that none pays for another."""

import importlib
import json
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from activkode.doors.up.faults import StartError


class _Command(click.Group):
    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except StartError as error:
            raise click.ClickException(str(error)) from None


@click.group(cls=_Command, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="activkode")
def main() -> None:
    """ACTIV KODE: rents numbers and addresses for one code; the price comes back when none comes."""


# --- processes ---


@main.command()
@click.option(
    "--demo/--no-demo", default=True, show_default=True, help="Demo accounts, services and carrier."
)
@click.option("--end-with-parent", is_flag=True, hidden=True)
def up(demo: bool, end_with_parent: bool) -> None:
    """Run everything on this machine until Ctrl-C."""
    from activkode.doors.up import supervise, tether

    if end_with_parent:
        tether.bind(signal.SIGTERM, os.getppid())
    supervise.up(demo)


@main.command()
@click.option("--host", envvar="ACTIVKODE_PEOPLE_HOST", default="127.0.0.1", show_default=True)
@click.option("--port", envvar="ACTIVKODE_PEOPLE_PORT", default=8000, show_default=True)
def people(host: str, port: int) -> None:
    """Serve the pages for people."""
    _prepare("people", with_people=True)
    from activkode.doors.up import web

    web.people(host, port)


@main.command()
@click.option("--host", envvar="ACTIVKODE_MACHINES_HOST", default="127.0.0.1", show_default=True)
@click.option("--port", envvar="ACTIVKODE_MACHINES_PORT", default=8001, show_default=True)
def machines(host: str, port: int) -> None:
    """Serve the API, live events and the compatibility protocols."""
    _prepare("machines")
    from activkode.doors.up import web

    web.machines(host, port)


@main.command()
def carriers() -> None:
    """Receive messages over SMPP and SMTP."""
    _prepare("carriers")
    _load("activkode.doors.carriers.run:main")()


@main.command()
def clock() -> None:
    """Expire, refund, deliver the outbox and audit."""
    _prepare("clock", with_people=True)
    _load("activkode.doors.clock.loops:main")()


@main.command()
def signer() -> None:
    """Sign payouts within limits of its own: without the database, on a machine of its own."""
    from activkode.doors.signer import run

    run.main()


@main.command("demo-carrier")
def demo_carrier() -> None:
    """Send the demo services' messages over real SMPP and SMTP."""
    _prepare("demo-carrier")
    _load("activkode.doors.demo.carrier:main")()


@main.command("demo-chains")
def demo_chains() -> None:
    """Run the demo's fake chains, fake exchanges and fake wallet."""
    _prepare("demo-chains")
    _load("activkode.doors.demo.chains:main")()


# --- the schema and the demo ---


@main.command()
def migrate() -> None:
    """Bring the schema and its functions up to date."""
    _prepare("migrate", with_people=True, guarded=False)
    _load("activkode.schema.migrate:migrate")()


@main.command(hidden=True)
@click.option(
    "--accounts", type=click.Path(path_type=Path), help="Make the demo too; its accounts go to this file."
)
def prepare(accounts: Path | None) -> None:
    """What `up` does before the doors open: the schema, and the demo's services and accounts."""
    _prepare("prepare", with_people=True, guarded=False)
    _load("activkode.schema.migrate:migrate")()
    if accounts:
        from activkode.doors.up import demo

        demo.write(accounts, _load("activkode.doors.demo.seed:seed")())


# --- for operators ---


@main.command("sign-payout")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def sign_payout(file: Path) -> None:
    """Sign an exported payout by hand, with the signer's keys, limits and journal."""
    from activkode.doors.signer import offline

    try:
        written = offline.sign_file(file, lambda shown: click.confirm(f"{shown}\nSign it?"))
    except offline.CannotSign as error:
        raise click.ClickException(str(error)) from None
    click.echo(f"signed: {written}" if written else "nothing was signed")


@main.command()
def audit() -> None:
    """Check every invariant; exit 1 and print the rows where one fails."""
    _prepare("audit", guarded=False)
    findings = _load("activkode.ledger.audit:run")()
    for finding in findings:
        click.echo(f"{finding.invariant}: {finding.meaning} ({finding.count} rows)")
        for row in finding.rows:
            click.echo("  " + json.dumps(row, default=str))
    click.echo(f"{len(findings)} invariants violated" if findings else "every invariant holds")
    sys.exit(1 if findings else 0)


@main.command()
@click.option("--format", "form", type=click.Choice(["beancount", "csv", "json"]), default="beancount")
def export(form: str) -> None:
    """Print the books."""
    _prepare("export", guarded=False)
    for piece in _load("activkode.ledger.export:export")(form):
        click.echo(piece, nl=False)


@main.command()
@click.argument("email")
@click.password_option()
def createoperator(email: str, password: str) -> None:
    """Make the first operator."""
    _prepare("createoperator", with_people=True)
    _load("activkode.identity.operators:create")(email, password)


@main.command()
@click.argument("email")
@click.argument("amount")
@click.option("--reason", required=True, help="Kept in the audit log for ever.")
@click.option("--kind", type=click.Choice(["promo", "goodwill"]), default="promo", show_default=True)
def grant(email: str, amount: str, reason: str, kind: str) -> None:
    """Credit a customer with AMOUNT dollars of promo or goodwill."""
    _prepare("grant", with_people=True)
    _load("activkode.identity.operators:grant")(email, amount, reason=reason, kind=kind)


@main.command("adopt-wallet")
@click.argument("asset", type=click.Choice(["ETH"]))
@click.option("--reason", required=True, help="What left the wallet besides our payouts; kept for ever.")
def adopt_wallet(asset: str, reason: str) -> None:
    """Go on paying from a wallet that something else has used, once you have compared it with its chain.

    After a restored backup this is what keeps payouts from being made twice: look first."""
    _prepare("adopt-wallet")
    payer = _load("activkode.withdrawals.payers:payer")(asset)
    nonce = _load("activkode.withdrawals.payouts:adopt")(payer, actor="operator", reason=reason)
    click.echo(f"the next transaction of {payer.wallet()} is number {nonce}")


@main.command()
def doctor() -> None:
    """Say what is set, which versions run, what can be reached, and what to do about the rest."""
    _prepare("doctor", with_people=True, guarded=False)
    sys.exit(_load("activkode.schema.doctor:main")())


def _prepare(process: str, *, with_people: bool = False, guarded: bool = True) -> None:
    """Finds the database and makes the settings known; refuses, where `guarded`, a database that could lose a commit
    or whose functions are of another version."""
    from activkode.doors.up import database, guard

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "activkode.config.settings")
    os.environ["ACTIVKODE_PROCESS"] = process
    os.environ.setdefault("ACTIVKODE_PEOPLE", "1" if with_people else "0")
    database.find(os.environ)
    if guarded:
        guard.refuse_unsafe(os.environ["DATABASE_URL"])
        _refuse_other_version()


def _refuse_other_version() -> None:
    import psycopg

    with psycopg.connect(os.environ["DATABASE_URL"]) as connection:
        try:
            _load("activkode.schema.migrate:check_stamp")(connection)
        except psycopg.errors.UndefinedTable:
            raise click.ClickException("the database has no tables yet: run `activkode migrate`") from None
        except RuntimeError as error:
            raise click.ClickException(str(error)) from None


def _load(target: str) -> Callable[..., Any]:
    """The function `module:name`, after Django is ready. Raises ClickException where it is not there."""
    import django

    django.setup()
    module, name = target.split(":")
    try:
        found: Callable[..., Any] = getattr(importlib.import_module(module), name)
    except ModuleNotFoundError as error:
        raise click.ClickException(f"this installation has no {error.name}") from None
    return found


if __name__ == "__main__":
    main()
