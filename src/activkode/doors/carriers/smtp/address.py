"""Addresses as they stand in MAIL and RCPT (RFC 5321, 4.1.2): taken apart, checked, brought to one spelling.
Pure and never raising; an address that cannot be one is None."""

import re
import unicodedata

LONGEST_LOCAL = 64
LONGEST_ADDRESS = 254
_CONTROL = re.compile(r"[\x00-\x1f\x7f\ud800-\udfff]")
_DOT_STRING = re.compile(r"[^\s\"(),:;<>@\[\\\].]+(\.[^\s\"(),:;<>@\[\\\].]+)*")
_QUOTED = re.compile(r'"((?:[^"\\]|\\.)*)"')
_LABEL = "[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?"
_DOMAIN = re.compile(rf"({_LABEL}\.)*{_LABEL}")


def split_path(argument: str) -> tuple[str | None, str]:
    """The address inside `<...>` and what follows it. "" is the null sender; a source route is dropped, as
    RFC 5321 (appendix C) asks; None where there is no path at all."""
    match = re.match(r'\s*<((?:"(?:[^"\\]|\\.)*"|[^">])*)>\s*(.*)', argument, re.DOTALL)
    if match is None:
        bare, _, rest = argument.strip().partition(" ")  # some programs leave the angle brackets out
        return (bare, rest) if "@" in bare and not re.search("[<>]", bare) else (None, "")
    address, rest = match.groups()
    if address.startswith("@"):
        address = address.partition(":")[2]
    return address, rest


def normal(address: str) -> str | None:
    """Lower case, without needless quotes, the domain in ASCII (IDNA); None where it is no address."""
    if _CONTROL.search(address):
        return None
    local, at, domain = unicodedata.normalize("NFC", address).rpartition("@")
    local = _local(local)
    domain = _domain(domain.rstrip("."))
    if not at or not local or not domain or len(local.encode()) > LONGEST_LOCAL:
        return None
    whole = f"{local}@{domain}"
    return whole if len(whole.encode()) <= LONGEST_ADDRESS else None


def without_tag(address: str) -> str | None:
    """The address that a "+tag" was added to; None where there is no tag."""
    local, _, domain = address.rpartition("@")
    base, plus, _ = local.partition("+")
    return f"{base}@{domain}" if plus and base else None


def _local(local: str) -> str:
    if _DOT_STRING.fullmatch(local):
        return local.lower()
    quoted = _QUOTED.fullmatch(local)
    if quoted is None:
        return ""
    plain = re.sub(r"\\(.)", r"\1", quoted.group(1))
    return plain.lower() if _DOT_STRING.fullmatch(plain) else local.lower()


def _domain(domain: str) -> str:
    lowered = domain.lower()
    if not lowered.isascii():
        try:
            lowered = lowered.encode("idna").decode("ascii")
        except UnicodeError:
            return ""
    return lowered if _DOMAIN.fullmatch(lowered) else ""
