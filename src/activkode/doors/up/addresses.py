"""Where the doors of this checkout listen; a port that is taken is replaced by a free one."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from activkode.doors.up import ports


@dataclass(frozen=True, slots=True)
class Addresses:
    """Ports on loopback."""

    people: int
    machines: int
    smtp: int
    smsc: int
    bitcoin: int
    ethereum: int
    tron: int
    rates: int
    wallet: int
    signer: int

    @property
    def people_url(self) -> str:
        """Where a person begins."""
        return f"http://127.0.0.1:{self.people}"

    @property
    def machines_url(self) -> str:
        """Where /v1 is."""
        return f"http://127.0.0.1:{self.machines}"


# Setting, port by default, and the name used at the terminal.
_WANTED = {
    "people": ("ACTIVKODE_PEOPLE_PORT", 8000),
    "machines": ("ACTIVKODE_MACHINES_PORT", 8001),
    "smtp": ("ACTIVKODE_SMTP_PORT", 2525),
    "smsc": ("ACTIVKODE_DEMO_SMSC_PORT", 2775),
    "bitcoin": ("ACTIVKODE_DEMO_BITCOIN_PORT", 18443),
    "ethereum": ("ACTIVKODE_DEMO_ETHEREUM_PORT", 8545),
    "tron": ("ACTIVKODE_DEMO_TRON_PORT", 8546),
    "rates": ("ACTIVKODE_DEMO_RATES_PORT", 8547),
    "wallet": ("ACTIVKODE_DEMO_WALLET_PORT", 8548),
    "signer": ("ACTIVKODE_DEMO_SIGNER_PORT", 8549),
}


def choose(environment: Mapping[str, str]) -> Addresses:
    """The wanted ports, each replaced where something else listens on it. Raises OSError."""
    return Addresses(**{door: ports.free(_wanted(door, environment)) for door in _WANTED})


def replaced(chosen: Addresses, environment: Mapping[str, str]) -> Iterator[str]:
    """A sentence for each port that was taken."""
    for door in _WANTED:
        wanted, got = _wanted(door, environment), getattr(chosen, door)
        if got != wanted:
            yield f"port {wanted} is taken: {door} listens on {got}"


def _wanted(door: str, environment: Mapping[str, str]) -> int:
    name, default = _WANTED[door]
    return int(environment.get(name, default))
