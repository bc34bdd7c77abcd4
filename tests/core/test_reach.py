"""Where a customer may send us: hosts of the Internet by https, written in the plainest form (FAILURES X10)."""

from ipaddress import ip_address, ip_network

import pytest

from activkode.core.outbound.reach import Reach, Refused, is_public
from core.places import PRIVATE, PUBLIC

LOOPBACK = Reach((ip_network("127.0.0.0/8"),))
BAD_URLS = [
    # not https, or not a plain place
    *(
        "http://hooks.example.com/",
        "ftp://hooks.example.com/",
        "//hooks.example.com/",
        "hooks.example.com",
        "",
    ),
    *(
        "https://",
        "https:///path",
        "https:hooks.example.com",
        "file:///etc/passwd",
        "gopher://hooks.example.com/_",
    ),
    *(
        "https://user@hooks.example.com/",
        "https://user:pw@hooks.example.com/",
        "https://hooks.example.com#@evil.example",
    ),
    *(
        "https://evil.example\\@hooks.example.com/",
        "https://hooks.example.com/\r\nX: y",
        "https://hooks.example.com/ a",
    ),
    *(
        "https://hooks.example.com/\x00",
        "https://hooks.example.com/é",
        "https://[::1",
        "https://hooks..example.com/",
    ),
    *(
        "https://hooks.example.com/#",
        "https://hooks.example.com:",
        "https://hooks.example.com:x/",
        "https://a_b.example/",
    ),
    # a host that is none, or that readers take for a number
    *(
        "https://localhost/",
        "https://metadata/",
        "https://2130706433/",
        "https://0x7f000001/",
        "https://0x7f.0.0.1/",
    ),
    *("https://0177.0.0.1/", "https://127.1/", "https://127.0.1/", "https://0/", "https://00.00.00.00/"),
    *(
        "https://127.0.0.01/",
        "https://127.0.0.1./",
        "https://example.com./",
        "https://127.0.0.0x1/",
        "https://1.2.3.4.5/",
    ),
    *("https://①②⑦.⓪.⓪.①/", "https://127。0。0。1/", "https://ｌocalhost/", "https://hooks.exämple.com/"),
    *(
        "https://-a.example/",
        "https://a-.example/",
        f"https://{'a' * 64}.example/",
        f"https://{'a.' * 130}example/",
    ),
    # addresses
    *(
        "https://127.0.0.1/",
        "https://10.0.0.1/",
        "https://169.254.169.254/latest/meta-data/",
        "https://100.64.0.1/",
    ),
    *(
        "https://[::1]/",
        "https://[::ffff:127.0.0.1]/",
        "https://[64:ff9b::7f00:1]/",
        "https://[fe80::1%25eth0]/",
    ),
    # ports of other trades
    *(
        f"https://hooks.example.com:{port}/"
        for port in (0, 22, 25, 53, 110, 143, 445, 465, 587, 993, 1023, 65536, 99999)
    ),
    "https://hooks.example.com/" + "a" * 2048,
]
GOOD_URLS = [
    *("https://hooks.example.com", "https://hooks.example.com/", "https://hooks.example.com/a/b?c=d&e=%20"),
    *(
        "https://hooks.example.com:443/",
        "https://hooks.example.com:8443/",
        "https://hooks.example.com:65535/x",
    ),
    *(
        "https://xn--exmple-cua.com/",
        "HTTPS://Hooks.Example.COM/",
        "https://1.1.1.1/",
        "https://[2606:4700::1111]/",
    ),
    *("https://127.0.0.1.nip.io/", "https://a.b.c.d.example/"),
]


@pytest.mark.parametrize("address", PRIVATE)
def test_an_address_that_is_no_host_of_the_internet_is_refused(address: str) -> None:
    assert not is_public(ip_address(address))
    with pytest.raises(Refused):
        Reach().check(address, is_tls=True)


@pytest.mark.parametrize("address", PUBLIC)
def test_a_host_of_the_internet_is_reached_by_https_alone(address: str) -> None:
    Reach().check(address, is_tls=True)
    with pytest.raises(Refused):
        LOOPBACK.check(address, is_tls=False)


@pytest.mark.parametrize("url", BAD_URLS)
def test_a_url_in_any_but_its_plainest_form_is_refused(url: str) -> None:
    with pytest.raises(Refused):
        Reach().check_url(url)


@pytest.mark.parametrize("url", GOOD_URLS)
def test_a_plain_url_is_taken(url: str) -> None:
    assert Reach().check_url(url)


def test_http_is_taken_only_where_a_network_is_open() -> None:
    assert LOOPBACK.check_url("http://127.0.0.1:9000/") is False
    with pytest.raises(Refused):
        LOOPBACK.check_url("https://10.0.0.1/")
