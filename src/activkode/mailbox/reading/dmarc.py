"""DMARC (RFC 7489): whether a domain that was proven belongs to the domain of From, as the owner of that one wants it.

A domain without a record has not said that its hosts speak for it, so there SPF proves nothing, while a signature of the
same organisation does (decision 0021).
"""

from dataclasses import dataclass
from functools import cache

from publicsuffixlist import PublicSuffixList

from activkode.mailbox.reading.lookups import Lookups

LONGEST_DOMAIN = 253


@dataclass(frozen=True, slots=True)
class Policy:
    """How a domain wants to be proven; `published` is whether it said so itself."""

    published: bool = False
    strict_dkim: bool = False
    strict_spf: bool = False


def policy(domain: str, lookups: Lookups) -> Policy:
    """The policy of From's domain, its own or its organisation's (RFC 7489, 6.6.3). Raises Unanswered and TooMany."""
    for place in dict.fromkeys((domain, organisation(domain))):
        found = [text for text in lookups.texts(f"_dmarc.{place}") if _is_record(text)]
        if len(found) == 1:
            tags = _tags(found[0])
            return Policy(True, tags.get("adkim") == "s", tags.get("aspf") == "s")
        if found:
            break
    return Policy()


def aligned(proven: str, domain: str, *, strict: bool) -> bool:
    """Whether the proven domain is From's domain or, unless strict, of the same organisation (RFC 7489, 3.1)."""
    proven, domain = proven.lower(), domain.lower()
    return proven == domain or (not strict and organisation(proven) == organisation(domain))


def organisation(domain: str) -> str:
    """The domain that somebody registered: one label below a public suffix; a public suffix stands for itself."""
    domain = domain.lower().rstrip(".")[-LONGEST_DOMAIN:]
    return _suffixes().privatesuffix(domain) or domain


def _is_record(text: bytes) -> bool:
    return text.partition(b";")[0].replace(b" ", b"").lower() == b"v=dmarc1"


def _tags(text: bytes) -> dict[str, str]:
    pairs = (piece.partition("=") for piece in text.decode("ascii", "replace").split(";"))
    return {name.strip().lower(): value.strip().lower() for name, _, value in pairs}


@cache
def _suffixes() -> PublicSuffixList:
    return PublicSuffixList()
