"""The test's own DNS (zone.py) as a real name server, for processes that ask one by UDP."""

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import dns.flags
import dns.message
import dns.name
import dns.rcode
import dns.rdatatype
import dns.rrset

from contact import zone

_TTL = 60


@contextmanager
def serving() -> Iterator[str]:
    """Answers on loopback; host:port."""
    with socketserver.ThreadingUDPServer(("127.0.0.1", 0), _Handler) as server:
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        yield f"127.0.0.1:{server.server_address[1]}"
        server.shutdown()


class _Handler(socketserver.BaseRequestHandler):
    def handle(self) -> None:
        asked, socket = self.request
        socket.sendto(_answered(asked), self.client_address)


def _answered(octets: bytes) -> bytes:
    question = dns.message.from_wire(octets)
    answer = dns.message.make_response(question)
    answer.flags |= dns.flags.AA
    (wanted,) = question.question
    kind = dns.rdatatype.to_text(wanted.rdtype)
    name = wanted.name.to_text(omit_final_dot=True).lower()
    if found := zone.dns(name, kind):
        answer.answer.append(
            dns.rrset.from_text_list(wanted.name, _TTL, "IN", kind, [_text(one) for one in found])
        )
    elif not any(known == name for known, _ in zone.records()):
        answer.set_rcode(dns.rcode.NXDOMAIN)
    return answer.to_wire()


def _text(record: Any) -> str:
    """As it stands in a zone file; a text in pieces of 255 octets at most (RFC 1035, 3.3)."""
    octets: bytes = record
    return " ".join(f'"{octets[at : at + 255].decode()}"' for at in range(0, len(octets), 255))
