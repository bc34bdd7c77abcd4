"""Where a customer may send us: which URLs are taken, and which addresses may be connected to. Pure: it looks nothing up.

A name says nothing about where it leads, so the address that is connected to is what counts (FAILURES X10, X12).
"""

import re
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from urllib.parse import SplitResult, urlsplit

from django.conf import settings

LONGEST_URL = 2048
Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

# Global by the registries' word, yet none of them is a host of the Internet: relays, tunnels and documentation.
_SPECIAL = tuple(
    ip_network(each)
    for each in (
        *("192.31.196.0/24", "192.52.193.0/24", "192.88.99.0/24", "192.175.48.0/24", "192.0.0.0/24"),
        *("2001::/23", "2002::/16", "2620:4f:8000::/48", "3fff::/20"),
    )
)
# All that is given out to hosts. What carries an IPv4 address inside (mapped, NAT64, compatible) lies outside of it.
_HOSTS_V6 = ip_network("2000::/3")
_LOWEST_FREE_PORT = 1024
_WEB_PORTS = (80, 443)
_VISIBLE = re.compile(r"[\x21-\x5b\x5d-\x7e]+")  # all but the backslash, which some readers take for a slash
_PLACE = re.compile(r"(?:\[(?P<v6>[0-9A-Fa-f:.]+)\]|(?P<host>[A-Za-z0-9.-]+))(?::(?P<port>[0-9]{1,5}))?")
_LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
# The last label begins with a letter: all that readers take for a number in decimal, hexadecimal or octal does not.
_NAME = re.compile(rf"(?:{_LABEL}\.)+[a-z](?:[a-z0-9-]{{0,61}}[a-z0-9])?")


class Refused(ValueError):
    """A URL or an address that we do not send to; says why, for the customer."""


@dataclass(frozen=True, slots=True)
class Reach:
    """What may be reached: the Internet by https, and by http or https what lies in the `open` networks (tests, demo)."""

    open: tuple[Network, ...] = ()

    def check_url(self, url: str) -> bool:
        """Whether it is by https. Raises Refused unless it is a URL of a public host in its plainest form; a name may
        still lead to where we do not go: that is found when it is connected to."""
        if len(url) > LONGEST_URL or _VISIBLE.fullmatch(url) is None:
            raise Refused(
                f"A URL has at most {LONGEST_URL} visible ASCII characters; write other names as xn--..."
            )
        parts = _split(url)
        place = _PLACE.fullmatch(parts.netloc)
        if parts.scheme not in ("https", "http") or place is None or parts.fragment or "#" in url:
            raise Refused("A URL is https://name/path, without a user, a password and a fragment.")
        _check_port(place["port"])
        is_tls = parts.scheme == "https"
        if not is_tls and not self.open:
            raise Refused("Only https is sent to.")
        self._check_host((place["v6"] or place["host"]).lower(), is_tls)
        return is_tls

    def check(self, address: str, is_tls: bool) -> None:
        """Raises Refused unless this address may be connected to."""
        found = ip_address(address)
        if any(found in network for network in self.open):
            return
        if not is_tls:
            raise Refused("Only https is sent to.")
        if not is_public(found):
            raise Refused("The name leads to an address that is not public.")

    def _check_host(self, host: str, is_tls: bool) -> None:
        try:
            ip_address(host)
        except ValueError:
            if len(host) > 253 or _NAME.fullmatch(host) is None:
                raise Refused("The host is a full name such as hooks.example.com.") from None
        else:
            self.check(host, is_tls)


def is_public(address: Address) -> bool:
    """Whether it is a host of the Internet: not ours, not a neighbour's, not a tunnel to either."""
    if address.version == 6 and address not in _HOSTS_V6:
        return False
    return (
        address.is_global
        and not address.is_multicast
        and not address.is_reserved
        and not any(address in network for network in _SPECIAL)
    )


def reach() -> Reach:
    """As the settings have it."""
    return Reach(tuple(ip_network(each) for each in settings.OUTBOUND_OPEN))


def _split(url: str) -> SplitResult:
    try:
        return urlsplit(url)
    except ValueError:
        raise Refused("This is no URL.") from None


def _check_port(text: str | None) -> None:
    port = 443 if text is None else int(text)
    if port not in _WEB_PORTS and not _LOWEST_FREE_PORT <= port <= 65535:
        raise Refused("The port is 443, 80, or from 1024 on.")
