"""Words of a mail that look like addresses are found, wrong ones too; other long words are not."""

import pytest

from activkode.funding.policy import Asset
from activkode.withdrawals.destinations import candidates
from funding import published
from withdrawals import made_addresses as made

ETHEREUM, TRON, BITCOIN = published.ETH[0][1], published.TRON[0][1], published.BIP84[0][1]


@pytest.mark.parametrize("asset", Asset)
def test_every_address_is_found_in_a_sentence(asset: Asset) -> None:
    for each in made.many(asset, 300):
        assert candidates(f"Please pay me to (address: <{each}>), thanks.") == [(asset, each)]


def test_they_come_in_their_order_and_once() -> None:
    text = f"{TRON}\n> {BITCOIN}; {ETHEREUM}, or {TRON}."
    assert candidates(text) == [(Asset.USDT_TRC20, TRON), (Asset.BTC, BITCOIN), (Asset.ETH, ETHEREUM)]


@pytest.mark.parametrize(
    ("word", "asset"),
    [
        (ETHEREUM[:-1], Asset.ETH),
        (ETHEREUM + "4", Asset.ETH),
        (ETHEREUM.replace("a", "а"), Asset.ETH),
        (TRON[:9] + "\u200b" + TRON[9:], Asset.USDT_TRC20),
        ("41" + "ab" * 20, Asset.USDT_TRC20),
        (TRON[:-1], Asset.USDT_TRC20),
        (BITCOIN.upper(), Asset.BTC),
        (BITCOIN[:-2], Asset.BTC),
        (published.TESTNET_P2WPKH, Asset.BTC),
        ("1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfN", Asset.BTC),
    ],
)
def test_what_is_nearly_an_address_is_found_too(word: str, asset: Asset) -> None:
    assert candidates(f"to {word} please") == [(asset, word)]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Telecommunicationsinfrastructuremanagement",
        "3f2a0b1c3f2a0b1c3f2a0b1c3f2a0b1c",
        "1234567890123456789012345678",
        "a" * 5000,
        "ab" * 32,
        "https://activkode.example/withdrawals",
        "<20261126.0512.3fA@mail.example>",
    ],
)
def test_other_words_are_not(text: str) -> None:
    assert candidates(text) == []
