"""The processes of one machine as data: what starts, in which order, with which settings, how it stops."""

import json
import secrets
import signal
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from activkode.doors.demo import chain_settings, payout_wallets
from activkode.doors.up import orphans, ready, tether
from activkode.doors.up.addresses import Addresses
from activkode.doors.up.cluster import Cluster


@dataclass(frozen=True, slots=True)
class Program:
    """One process that is kept alive."""

    name: str
    argv: list[str]
    environment: Mapping[str, str]
    probe: ready.Probe | None = None
    directory: Path | None = None
    stop_signal: signal.Signals = signal.SIGTERM
    stop_seconds: float = 8.0
    # Steps in which all is stopped, the lowest first: who takes requests, then the clock, then the database.
    stop_step: int = 0
    # Done before each start but the first.
    clear: Callable[[], object] | None = None


def postgres(cluster: Cluster) -> Program:
    """The prepared embedded server."""
    return Program(
        "postgres",
        cluster.argv(),
        cluster.environment(),
        directory=cluster.data,
        stop_signal=signal.SIGINT,
        stop_seconds=30.0,
        stop_step=2,
        clear=lambda: orphans.settle(cluster.data),
    )


# Where the signer is and what it knows its caller by is told to the clock alone.
_CALLER = ("ACTIVKODE_SIGNER_URL", "ACTIVKODE_SIGNER_SECRET_FILE")


def doors(all_settings: Mapping[str, str], at: Addresses, demo: bool) -> list[Program]:
    """The processes of DESIGN.md 1, the demo carrier first so that the carriers find it."""
    settings = {name: value for name, value in all_settings.items() if name not in _CALLER}
    rows = [
        _door("demo-carrier", settings, ready.accepts(at.smsc)),
        _door("demo-chains", settings, ready.accepts(at.wallet)),
        _door("signer", _signer(settings, at), ready.accepts(at.signer)),
        _door("carriers", settings, ready.smtp(at.smtp)),
        _door("clock", all_settings, None, stop_step=1),
        _door("machines", settings, ready.http(at.machines, "/v1/status")),
        _door("people", settings, ready.http(at.people)),
    ]
    has_chains = "ACTIVKODE_DEMO_PAY_URL" in settings
    fakes = {"demo-carrier": demo, "demo-chains": has_chains, "signer": has_chains}
    return [row for row in rows if fakes.get(row.name, True)]


def _signer(settings: Mapping[str, str], at: Addresses) -> dict[str, str]:
    """Its own files alone: neither the database nor what the other doors are told."""
    kept = {name: settings[name] for name in ("PATH", "LANG", "PYTHONUNBUFFERED") if name in settings}
    return kept | payout_wallets.signer_environment(Path(settings["ACTIVKODE_VAR"]), at.signer)


def _door(name: str, settings: Mapping[str, str], probe: ready.Probe | None, stop_step: int = 0) -> Program:
    argv = tether.command(activkode(name), on_parent_death=signal.SIGTERM)
    return Program(name, argv, settings, probe, stop_step=stop_step)


def once(name: str, settings: Mapping[str, str], *words: str) -> Program:
    """A command that runs to its end, as the owner of the tables."""
    argv = tether.command(activkode(name, *words), on_parent_death=signal.SIGKILL)
    return Program(name, argv, dict(settings) | {"DATABASE_URL": settings["DATABASE_OWNER_URL"]})


def activkode(*words: str) -> list[str]:
    """The command line of this same installation."""
    return [sys.executable, "-m", "activkode.cli", *words]


def settings(base: Mapping[str, str], var: Path, at: Addresses, demo: bool) -> dict[str, str]:
    """The environment of the doors."""
    values = dict(base) | {
        "ACTIVKODE_VAR": str(var),
        "ACTIVKODE_PEOPLE_PORT": str(at.people),
        "ACTIVKODE_MACHINES_PORT": str(at.machines),
        "ACTIVKODE_SMTP_PORT": str(at.smtp),
        "ACTIVKODE_PUBLIC_URL": base.get("ACTIVKODE_PUBLIC_URL", at.people_url),
        "ACTIVKODE_MACHINES_URL": base.get("ACTIVKODE_MACHINES_URL", at.machines_url),
        "PYTHONUNBUFFERED": "1",
    }
    if demo:
        links = json.loads(base.get("ACTIVKODE_SMPP_LINKS", "[]"))
        values["ACTIVKODE_SMPP_LINKS"] = json.dumps([*links, _demo_link(at.smsc)])
        if "ACTIVKODE_CHAINS" not in base:
            ports = (at.bitcoin, at.ethereum, at.tron, at.rates, at.wallet)
            values |= chain_settings.environment(*ports, base.get("ACTIVKODE_DEMO_DEV_NODE", ""))
            values |= payout_wallets.environment(var, at.tron)
            values |= payout_wallets.caller_environment(var, at.signer)
    return values


def _demo_link(port: int) -> dict[str, str | int]:
    # SMPP takes eight characters of password at most.
    password = secrets.token_hex(4)
    return {
        "name": "demo-smpp",
        "host": "127.0.0.1",
        "port": port,
        "system_id": "demo",
        "password": password,
        "alphabet": "gsm7",
    }
