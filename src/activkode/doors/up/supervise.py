"""`activkode up`: the database, its tables, the demo and all processes of one machine, until Ctrl-C.

Must never leave a process behind: each is tied to this one by the kernel, and all are stopped in order.
"""

import asyncio
import os
import signal
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from activkode.doors.up import addresses, demo, guard, lock, log, programs
from activkode.doors.up.cluster import Cluster, cluster_of
from activkode.doors.up.directory import var_of
from activkode.doors.up.faults import StartError
from activkode.doors.up.keep import Keeper, once


@dataclass(slots=True)
class _Machine:
    """What is running."""

    var: Path
    environment: Mapping[str, str]
    with_demo: bool
    cluster: Cluster | None = None
    keepers: list[Keeper] = field(default_factory=list)


def up(with_demo: bool, environment: Mapping[str, str] = os.environ) -> None:
    """Starts all, prints the addresses when ready, and returns after SIGINT or SIGTERM. Raises StartError."""
    var = var_of(environment)
    var.mkdir(parents=True, exist_ok=True)
    held = lock.hold(var / "up.lock", "activkode up")
    try:
        asyncio.run(_run(_Machine(var, environment, with_demo)))
    finally:
        os.close(held)


async def _run(machine: _Machine) -> None:
    stop = asyncio.Event()
    for wanted in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        if signal.getsignal(wanted) != signal.SIG_IGN:  # nohup asks to outlive the terminal
            asyncio.get_running_loop().add_signal_handler(wanted, stop.set)
    starting = asyncio.create_task(_start(machine))
    stopping = asyncio.create_task(stop.wait())
    try:
        await asyncio.wait([starting, stopping], return_when=asyncio.FIRST_COMPLETED)
        if starting.done():
            await starting
        await stopping
    finally:
        starting.cancel()
        await asyncio.gather(starting, return_exceptions=True)
        await _stop(machine)


async def _start(machine: _Machine) -> None:
    demo.forget(machine.var)
    database = await _database(machine)
    at = addresses.choose(machine.environment)
    for sentence in addresses.replaced(at, machine.environment):
        log.say(sentence)
    settings = programs.settings(dict(machine.environment) | database, machine.var, at, machine.with_demo)
    words = ["--accounts", str(demo.draft(machine.var))] if machine.with_demo else []
    await _succeeds(programs.once("prepare", settings, *words))
    await _together(machine, [Keeper(row) for row in programs.doors(settings, at, machine.with_demo)])
    if machine.with_demo:
        demo.publish(machine.var, at, database["DATABASE_OWNER_URL"])
    _announce(machine, at)


async def _database(machine: _Machine) -> dict[str, str]:
    """The URLs for the doors and for the tables' owner. DATABASE_URL wins over the embedded server."""
    if url := machine.environment.get("DATABASE_URL"):
        await asyncio.to_thread(guard.refuse_unsafe, url)
        return {"DATABASE_URL": url, "DATABASE_OWNER_URL": machine.environment.get("DATABASE_OWNER_URL", url)}
    machine.cluster = cluster_of(machine.var)
    await asyncio.to_thread(machine.cluster.prepare)
    await _together(machine, [Keeper(programs.postgres(machine.cluster))])
    return machine.cluster.settings()


async def _together(machine: _Machine, keepers: list[Keeper]) -> None:
    machine.keepers += keepers
    for keeper in keepers:
        keeper.start()
    await asyncio.gather(*(keeper.ready() for keeper in keepers))


async def _succeeds(program: programs.Program) -> None:
    if await once(program) != 0:
        raise StartError(f"{program.name} failed: see its lines above")


async def _stop(machine: _Machine) -> None:
    for step in sorted({keeper.program.stop_step for keeper in machine.keepers}):
        await asyncio.gather(
            *(keeper.stop() for keeper in machine.keepers if keeper.program.stop_step == step)
        )
    if machine.cluster is not None:
        machine.cluster.stop()
    log.say("stopped")


def _announce(machine: _Machine, at: addresses.Addresses) -> None:
    log.say("ready")
    log.say(f"  people    {at.people_url}")
    log.say(f"  machines  {at.machines_url}/v1")
    log.say(f"  mail      127.0.0.1:{at.smtp} (SMTP)")
    if machine.with_demo:
        log.say(f"  sign in with the accounts in {demo.place(machine.var)}")
    log.say("Ctrl-C stops all of it")
