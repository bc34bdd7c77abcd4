"""The DNS as mails are authenticated by it: dnspython, with time limits. Answers as reading/lookups.py wants them."""

from functools import cache
from typing import Any

import dns.exception
import dns.resolver
from django.conf import settings

from activkode.mailbox.reading.lookups import Unanswered

_SECONDS = 3.0  # for one question, all its repeats included
_PORT = 53


def ask(name: str, kind: str) -> list[Any]:
    """The answers to a question; none where there is no such name or record. Raises Unanswered."""
    try:
        found = _resolver().resolve(name, kind, lifetime=_SECONDS, search=False)
    except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer):
        return []
    except (dns.exception.DNSException, OSError) as error:
        if isinstance(error, dns.exception.SyntaxError | dns.exception.FormError) or _is_no_name(error):
            return []
        raise Unanswered from error
    return [_plain(kind, record) for record in found]


def _plain(kind: str, record: Any) -> Any:
    if kind == "TXT":
        return b"".join(record.strings)
    if kind == "MX":
        return (record.preference, record.exchange.to_text(omit_final_dot=True))
    return record.target.to_text(omit_final_dot=True) if kind == "PTR" else record.address


def _is_no_name(error: Exception) -> bool:
    """Labels that are too long, empty or no IDNA: nobody can have such a name."""
    return isinstance(
        error, dns.name.LabelTooLong | dns.name.NameTooLong | dns.name.EmptyLabel | dns.name.IDNAException
    )


@cache
def _resolver() -> dns.resolver.Resolver:
    servers = settings.DNS_SERVERS
    found = dns.resolver.Resolver(configure=not servers)
    if servers:
        found.nameservers = [_server(each) for each in servers]
    return found


def _server(text: str) -> Any:
    from dns.nameserver import Do53Nameserver

    host, _, port = text.partition(":")
    return Do53Nameserver(host, int(port or _PORT))
