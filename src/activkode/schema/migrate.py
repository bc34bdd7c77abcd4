"""Brings the database to this version: tables, then data rows, then all SQL functions and rights, rebuilt whole."""

import hashlib
from pathlib import Path
from typing import Any

import psycopg
from django.conf import settings
from django.core.management import call_command
from django.db import connections
from psycopg.types.json import Jsonb

from activkode.activations import policy
from activkode.catalogue import countries
from activkode.config import environment
from activkode.core import holidays
from activkode.core.places import fill
from activkode.funding import policy as funding
from activkode.ledger import movements
from activkode.schema.document import document
from activkode.support import policy as cases
from activkode.withdrawals import policy as withdrawals

_PACKAGES = Path(__file__).resolve().parent.parent
_LOCK = 7_421_907_255  # two migrations at a time wait for each other


class WrongVersion(RuntimeError):
    """The database was built by another version of the functions; run `activkode migrate`."""


def migrate(url: str = "") -> None:
    """Runs Django's migrations, then rebuilds schema `fn` in one transaction, all as the owner of the tables."""
    url = url or settings.DATABASE_OWNER_URL
    with psycopg.connect(url, autocommit=True) as owner:
        owner.execute("select pg_advisory_lock(%s)", (_LOCK,))
        _tables(url)
        with owner.transaction():
            _write_data(owner)
            _build_functions(owner)


def check_stamp(connection: psycopg.Connection[Any]) -> None:
    """Raises WrongVersion unless the functions in the database are those of this version."""
    row = connection.execute("select hash from core_sqlstamp where name = 'fn'").fetchone()
    if row is None or row[0] != stamp():
        raise WrongVersion("the database's functions are of another version: run `activkode migrate`")


def stamp() -> str:
    """Hash of all SQL functions as this version would build them."""
    return hashlib.sha256("".join(_sources()).encode()).hexdigest()


def _tables(url: str) -> None:
    database = {"default": {}, "owner": environment.database_of(url, "DATABASE_OWNER_URL", role="")}
    connections.settings["owner"] = connections.configure_settings(database)["owner"]
    try:
        call_command("migrate", verbosity=0, interactive=False, database="owner")
    finally:
        connections["owner"].close()
        del connections["owner"]
        del connections.settings["owner"]


def _sources() -> list[str]:
    files = sorted(_PACKAGES.glob("*/sql/*.sql"), key=lambda file: file.name)
    return [fill(file.read_text()) for file in files]


def _build_functions(owner: psycopg.Connection[Any]) -> None:
    owner.execute("drop schema if exists fn cascade")
    owner.execute("create schema fn")
    for source in _sources():
        owner.execute(source.encode())
    owner.execute(
        "insert into core_sqlstamp (name, hash, built_at) values ('fn', %s, now())"
        " on conflict (name) do update set hash = excluded.hash, built_at = excluded.built_at",
        (stamp(),),
    )


def _write_data(owner: psycopg.Connection[Any]) -> None:
    for movement in movements.MOVEMENTS:
        owner.execute(
            "insert into ledger_movement (name, from_account, to_account, meaning) values (%s, %s, %s, %s)"
            " on conflict (name) do update set meaning = excluded.meaning",
            (movement.name, movement.from_account, movement.to_account, movement.meaning),
        )
    for country in countries.load():
        owner.execute(
            "insert into catalogue_country (code, handler_id, name, prefix) values (%s, %s, %s, %s)"
            " on conflict (code) do update set handler_id = excluded.handler_id, name = excluded.name,"
            " prefix = excluded.prefix",
            (country.code, country.handler_id, country.name, country.prefix),
        )
    owner.execute("delete from activations_rule")
    for rule in policy.RULES:
        owner.execute(
            "insert into activations_rule (event, from_state, to_state, movement, clause, refusal)"
            " values (%s, %s, %s, %s, %s, %s)",
            (rule.event, rule.state, rule.to, rule.movement, rule.clause, rule.refusal),
        )
    # Without its figures the planner takes a state for one in two hundred, and what is due for next to nothing.
    owner.execute("analyze activations_rule")
    _write_funding(owner)
    _write_withdrawals(owner)
    _write_cases(owner)
    for holiday in holidays.days(settings.HOLIDAYS, _years(owner)):
        owner.execute(
            "insert into core_holiday (day, name) values (%s, %s) on conflict do nothing",
            (holiday.day, holiday.name),
        )
    owner.execute(
        "insert into core_policy (version, data, active_from) values (%s, %s, now())"
        " on conflict (version) do update set data = excluded.data",
        (policy.VERSION, Jsonb(document())),
    )


def _years(owner: psycopg.Connection[Any]) -> range:
    # Last year's too: a due date may be counted over the turn of the year from a day before the first start.
    row = owner.execute("select extract(year from now() at time zone 'UTC')::int").fetchone()
    assert row
    return range(row[0] - 1, row[0] + holidays.YEARS_AHEAD + 1)


def _write_withdrawals(owner: psycopg.Connection[Any]) -> None:
    owner.execute("delete from withdrawals_rule")
    for rule in withdrawals.RULES:
        owner.execute(
            "insert into withdrawals_rule (event, from_state, to_state, movement, why) values (%s, %s, %s, %s, %s)",
            (rule.event, rule.state, rule.to, rule.movement, rule.why),
        )


def _write_cases(owner: psycopg.Connection[Any]) -> None:
    owner.execute("delete from support_rule")
    for rule in cases.RULES:
        owner.execute(
            "insert into support_rule (event, from_state, to_state, refusal, told, why) values (%s, %s, %s, %s, %s, %s)",
            (rule.event, rule.state, rule.to, rule.refusal, rule.told, rule.why),
        )


def _write_funding(owner: psycopg.Connection[Any]) -> None:
    owner.execute("delete from funding_asset")
    for asset in funding.ASSETS:
        chain = funding.BY_CHAIN[asset.chain]
        owner.execute(
            "insert into funding_asset (name, chain, coin, decimals, is_dollar, confirmations, final_only,"
            " deep_above_micros, deep_confirmations, deep_final) values (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
            (
                asset.asset,
                asset.chain,
                asset.coin,
                asset.decimals,
                asset.is_dollar,
                chain.confirmations,
                chain.final_only,
                chain.deep_above_micros,
                chain.deep_confirmations,
                chain.deep_final,
            ),
        )
    owner.execute("delete from funding_rule")
    for rule in funding.BY_PAIR.values():
        owner.execute(
            "insert into funding_rule (event, from_state, to_state, movement) values (%s, %s, %s, %s)",
            (rule.event, rule.state, rule.to, rule.movement),
        )
