"""SPF (RFC 7208) by pyspf, with questions that are counted and timed. It says which host may use a domain in the envelope,
so it proves something only where the host that delivered is known.
"""

from ipaddress import ip_address
from typing import Any

import spf as pyspf

from activkode.mailbox.reading.lookups import Lookups

MOST_VOID = 2  # RFC 7208, 4.6.4


def passes(peer: str, domain: str, helo: str, lookups: Lookups) -> bool:
    """Whether the domain lets this IP address send. Raises Unanswered and TooMany (lookups.py)."""
    try:
        ip_address(peer)
    except ValueError:
        return False
    result: str = _Query(peer, f"postmaster@{domain}", helo or "unknown", lookups).check()[0]
    return result == "pass"


class _Query(pyspf.query):  # type: ignore[misc]
    """pyspf's reading of records, on our questions: its own ask the network, and keep the answer to no limit of ours."""

    def __init__(self, peer: str, sender: str, helo: str, lookups: Lookups) -> None:
        super().__init__(peer, sender, helo, strict=True)
        self._lookups = lookups

    def dns(self, name: str, qtype: str, cnames: object = None, ignore_void: bool = False) -> list[Any]:
        """pyspf's hook; texts are sequences of octets that belong together."""
        if not all(0 < len(label) < 64 for label in str(name).rstrip(".").split(".")):
            return []
        found = self._lookups.ask(str(name), qtype)
        if not found and not ignore_void:
            self.void_lookups += 1
            if self.void_lookups > MOST_VOID:
                raise pyspf.PermError(f"more than {MOST_VOID} answers without records")
        return [[text] for text in found] if qtype == "TXT" else list(found)
