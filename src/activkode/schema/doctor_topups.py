"""The doctor's looks at what top-ups need: keychains, nodes of chains, rates. Changes nothing and prints no key."""

from collections.abc import Callable
from functools import partial

from django.conf import settings

from activkode.core import sql
from activkode.funding import keychains
from activkode.funding.policy import ASSETS, FIGURES, Figure
from activkode.schema.looks import Result

_SOON_SECONDS = 60
_OTHER_KEY = (
    "put the key back that it was begun with; a new key needs a name of its own, such as {}/2 before this one"
)


def checks() -> list[tuple[str, Callable[[], Result]]]:
    """A look for each configured keychain, each watched chain, and the rate of each of their coins."""
    if not settings.CHAINS and not settings.KEYCHAINS:
        return [("top-ups", lambda: Result(True, "no chain is configured, so nothing can be paid in"))]
    assets = [rule.asset for rule in ASSETS if rule.chain in settings.CHAINS]
    return [
        *((f"keychain {look.name}", partial(_keychain, look)) for look in keychains.looks()),
        *((f"chain {name}", partial(_chain, name)) for name in settings.CHAINS),
        *((f"rate {asset}", partial(_rate, asset)) for asset in assets),
    ]


def _keychain(look: keychains.Look) -> Result:
    if look.keychain is None:
        return Result(
            False, look.trouble, "correct it in ACTIVKODE_KEYCHAINS; until then it gives no address"
        )
    row = sql.one("select fingerprint, next_index - 1 from funding_keychain where name = %s", (look.name,))
    fingerprint, given = row or (look.keychain.fingerprint, 0)
    if fingerprint != look.keychain.fingerprint:
        return Result(False, "was begun with another key or network", _OTHER_KEY.format(look.name))
    return Result(True, f"derives its first address; key {fingerprint}, {given} addresses given out")


def _chain(name: str) -> Result:
    row = sql.one(
        "select cursor_height, head_height, trouble, extract(epoch from fn.now() - trouble_since)::int,"
        " extract(epoch from fn.now() - seen_at)::int, extract(epoch from fn.now() - head_at)::int"
        " from funding_chain where name = %s",
        (name,),
    )
    if row is None:
        seen = "never begun: no block was read, and no address is given out"
        return Result(
            False, seen, f"start the clock, and check the node's address in ACTIVKODE_CHAINS ({name})"
        )
    cursor, head, trouble, since, age, head_age = row
    if trouble:
        seen = f"{trouble}, for {since} s; read to block {cursor} of {head}"
        return Result(False, seen, "look at the node; nothing is lost, reading goes on from that block")
    if age is None or age > _SOON_SECONDS:
        seen = "was never looked at" if age is None else f"was last looked at {age} s ago"
        return Result(False, f"{seen}; read to block {cursor} of {head}", "start `activkode clock`")
    return Result(True, f"read to block {cursor} of {head}, the newest {head_age} s old")


def _rate(asset: str) -> Result:
    row = sql.one(
        "select rate, trouble, jsonb_path_query_array(sources, '$[*] ? (!exists(@.dropped)).name')::json,"
        " extract(epoch from fn.now() - oldest_at)::int, extract(epoch from fn.now() - looked_at)::int"
        " from funding_rate where asset = %s",
        (asset,),
    )
    if row is None:
        return Result(False, "never looked up", "start `activkode clock`, and set ACTIVKODE_RATE_SOURCES")
    rate, trouble, names, age, looked = row
    if trouble:
        remedy = "deposits wait meanwhile; it heals by itself when the sources do, else check ACTIVKODE_RATE_SOURCES"
        return Result(False, trouble, remedy)
    if looked > FIGURES[Figure.RATE_AGE_SECONDS]:
        return Result(False, f"was last looked up {looked} s ago", "start `activkode clock`")
    return Result(True, f"{rate.normalize():f} by {', '.join(names)}, {age} s old")
