"""The one address that a mail says it is from. In doubt there is none: groups, lists, tricks with display names, encoded or
quoted addresses are refused rather than understood.
"""

import re

from activkode.intake import mime
from activkode.mailbox.reading.headers import LONGEST_READ, Headed

LONGEST_ADDRESS = 254
LONGEST_LOCAL = 64


def of(mail: Headed) -> str | None:
    """The address of From in lower case; None unless there is exactly one From with exactly one plain address (RFC 5322,
    3.6.2)."""
    found = list(mail.all("from"))
    return address_of(found[0].plain) if len(found) == 1 and len(found[0].octets) < LONGEST_READ else None


def address_of(value: str) -> str | None:
    """The address in `name <address>`, `address` or `address (comment)`; None for anything else."""
    if CONTROL.search(value):
        return None
    match = MAILBOX.fullmatch(value.strip())
    if match is None:
        return None
    address = plain(match["angled"] or match["bare"])
    shown = mime.unfolded(match["name"] or "") + " " + " ".join(COMMENT.findall(value))
    if address is None or any(other.lower() != address for other in LOOKS_LIKE_ONE.findall(shown)):
        return None
    return address


def plain(address: str) -> str | None:
    """An address of letters, digits and signs (RFC 5321, Dot-string) in lower case; None for any other form."""
    if ADDRESS.fullmatch(address) is None or "=?" in address or ".." in address:
        return None
    local, _, _ = address.partition("@")
    if len(address) > LONGEST_ADDRESS or len(local) > LONGEST_LOCAL or local[0] == "." or local[-1] == ".":
        return None
    return address.lower()


def domain_of(address: str) -> str:
    """What follows the last @, in lower case."""
    return address.rpartition("@")[2].lower()


LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
ADDRESS = re.compile(rf"[A-Za-z0-9!#$%&'*+/=?^_`{{|}}~.-]+@(?:{LABEL}\.)+{LABEL}", re.ASCII)
CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]")
COMMENT = re.compile(r"\(([^()\\]*)\)")
QUOTED = r'"(?:[^"\\]|\\.)*"'
# Anything that is no separator of addresses, or such a thing in quotes.
NAME = rf'(?P<name>(?:{QUOTED}|\([^()\\]*\)|[^"(),:;<>@\\]|(?<=\S)@(?=\S))*)'
MAILBOX = re.compile(
    rf"(?:{NAME}<(?P<angled>[^<>\s]+)>|(?P<bare>[^<>\s\"(),:;\\]+))\s*(?:\([^()\\]*\)\s*)?", re.DOTALL
)
# What a person would take for an address, in the name that is shown; look-alikes of @ and of dots too.
LOOKS_LIKE_ONE = re.compile(r"[^\s<>\"'(),;:@＠﹫]+[@＠﹫][^\s<>\"'(),;:@＠﹫]+")
