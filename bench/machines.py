"""A machines process to be measured, its customers' keys, and wrk as the load (a generator in Python would be the brake)."""

import hashlib
import os
import re
import resource
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg

from activkode.doors.up import ports
from bench.server import Database

CUSTOMERS = 1_000
_FILES = 8_192


@dataclass(frozen=True, slots=True)
class Machines:
    """A running process: its port, and the id of the process that serves."""

    port: int
    pid: int

    def memory_mib(self) -> float:
        """Resident memory of the serving process."""
        for line in Path(f"/proc/{self.pid}/status").read_text().splitlines():
            if line.startswith("VmRSS"):
                return int(line.split()[1]) / 1024
        raise RuntimeError("the process is gone")


def key(customer: int) -> str:
    """The key of a customer of the bench."""
    return f"ak_bench{customer}"


def give_keys(owner: psycopg.Connection[tuple[object, ...]]) -> None:
    """A key for each of the first customers."""
    digests = [hashlib.sha256(key(customer).encode()).digest() for customer in range(1, CUSTOMERS + 1)]
    owner.execute(
        "insert into identity_apikey (customer_id, name, prefix, digest, created_at)"
        " select n, 'bench', 'ak_bench', d, now() from unnest(%s::bytea[]) with ordinality v(d, n)",
        (digests,),
    )


@contextmanager
def serving(database: Database) -> Iterator[Machines]:
    """One process with one worker; stopped by its id."""
    allow_many_files()
    port = ports.free()
    settings = {"DATABASE_URL": database.app, "ACTIVKODE_MACHINES_PER_SECOND": "0", "ACTIVKODE_PEOPLE": "0"}
    words = [sys.executable, "-m", "activkode.cli", "machines", "--port", str(port)]
    with tempfile.TemporaryFile() as log:
        process = subprocess.Popen(words, env=os.environ | settings, stdout=log, stderr=log)
        try:
            _wait(port, process)
            yield Machines(port, _worker(process.pid))
        finally:
            process.terminate()
            process.wait(20)


def wrk(machines: Machines, seconds: int, script: str, connections: int = 16) -> float:
    """Answers a second. Raises RuntimeError where one was not 2xx."""
    if not shutil.which("wrk"):
        raise RuntimeError("wrk is missing: apt-get install -y wrk")
    with tempfile.NamedTemporaryFile("w", suffix=".lua") as file:
        file.write(script)
        file.flush()
        words = [
            "wrk",
            "-t1",
            f"-c{connections}",
            f"-d{seconds}s",
            "-s",
            file.name,
            f"http://127.0.0.1:{machines.port}",
        ]
        told = subprocess.run(words, capture_output=True, text=True, check=True).stdout
    if "Non-2xx" in told or "Socket errors" in told:
        raise RuntimeError(told)
    found = re.search(r"Requests/sec:\s+([\d.]+)", told)
    assert found is not None, told
    return float(found[1])


def allow_many_files() -> None:
    """A thousand streams are a thousand files."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, min(_FILES, hard)), hard))


def _worker(pid: int) -> int:
    # granian's first process only watches; its child serves.
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    serving_ones = [
        int(child)
        for child in children
        if b"resource_tracker" not in Path(f"/proc/{child}/cmdline").read_bytes()
    ]
    return serving_ones[0] if serving_ones else pid


def _wait(port: int, process: subprocess.Popen[bytes]) -> None:
    for _ in range(300):
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=1).close()
            return
        except OSError:
            if process.poll() is not None:
                raise RuntimeError("the machines process did not start") from None
            time.sleep(0.1)
    raise RuntimeError("the machines process does not answer")
