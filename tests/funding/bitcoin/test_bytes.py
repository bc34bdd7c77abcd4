"""Hashes, bytes and amounts of Bitcoin, held against the real first blocks and against another library."""

import random
from decimal import Decimal

import msgspec
import pytest
from embit.script import Script, Witness
from embit.transaction import Transaction, TransactionInput, TransactionOutput

from activkode.doors.demo.fake_bitcoin import blocks
from activkode.funding.chains import bitcoin_json
from activkode.funding.chains.base import Unusable
from activkode.funding.chains.bitcoin import GENESIS


@pytest.mark.parametrize("network", GENESIS)
def test_the_first_block_of_every_network_hashes_to_what_is_expected_of_it(network: str) -> None:
    assert blocks.first(network).hash == GENESIS[network]


@pytest.mark.parametrize(
    ("text", "satoshis"),
    [
        ("0", 0),
        ("0.00000000", 0),
        ("0.00000001", 1),
        ("1e-8", 1),
        ("0.1", 10_000_000),
        ("0.29999999", 29_999_999),
        ("1.10000000", 110_000_000),
        ("50", 5_000_000_000),
        ("20999999.97690000", 2_099_999_997_690_000),
        ("21000000", 2_100_000_000_000_000),
        ("5E+1", 5_000_000_000),
    ],
)
def test_an_amount_is_exact(text: str, satoshis: int) -> None:
    assert read(text) == satoshis


@pytest.mark.parametrize(
    "text",
    [
        "-0.00000001",
        "-1",
        "21000000.00000001",
        "1e30",
        "1e999999999",
        "1e-999999999",
        "0.000000001",
        "1.000000001",
        "0.0000000000000000000000001",
        "NaN",
        "Infinity",
        '"sNaN"',
        '"Infinity"',
        '"NaN"',
        "null",
        "true",
        "[]",
        "",
        "0." + "0" * 1000 + "1",
    ],
)
def test_an_amount_that_cannot_be_is_refused(text: str) -> None:
    with pytest.raises((Unusable, msgspec.DecodeError)):
        read(text)


def read(text: str) -> int:
    """A number of the node's JSON, in satoshis."""
    return bitcoin_json.satoshis_of(msgspec.json.decode(text, type=Decimal), "it")


def test_bytes_are_read_as_another_library_writes_them() -> None:
    chance = random.Random(5)
    for _ in range(200):
        made = anything(chance)
        read = bitcoin_json.read_bytes(made.serialize())
        assert read.txid == made.txid().hex()
        assert read.inputs == tuple(f"{each.txid.hex()}:{each.vout}" for each in made.vin)
        assert read.outputs == tuple((each.value, each.script_pubkey.data.hex()) for each in made.vout)


def anything(chance: random.Random) -> Transaction:
    """A transaction of any version and size."""
    has_witness = chance.random() < 0.5
    count = chance.choice([1, 2, 252, 253, 300])
    return Transaction(
        version=chance.choice([1, 2, 3, 0, 2**31, 2**32 - 1]),
        vin=[
            TransactionInput(
                chance.randbytes(32),
                chance.choice([0, 1, 2**32 - 1]),
                script_sig=Script(chance.randbytes(chance.choice([0, 1, 107, 253]))),
                witness=Witness([chance.randbytes(72)] if has_witness else []),
            )
            for _ in range(chance.choice([1, 2, 253]))
        ],
        vout=[
            TransactionOutput(
                chance.randrange(21 * 10**14), Script(chance.randbytes(chance.choice([0, 22, 34, 300])))
            )
            for _ in range(count)
        ],
        locktime=chance.randrange(2**32),
    )


def test_cut_bytes_are_never_read_as_the_whole() -> None:
    raw = anything(random.Random(7)).serialize()
    whole = bitcoin_json.read_bytes(raw).txid
    for length in range(0, len(raw), max(1, len(raw) // 200)):
        try:
            assert bitcoin_json.read_bytes(raw[:length]).txid != whole
        except IndexError:
            continue


@pytest.mark.parametrize("count", [1, 2, 3, 4, 5, 7, 8, 9, 100])
def test_a_root_is_computed_as_the_fake_chain_does_it(count: int) -> None:
    ids = [random.Random(number).randbytes(32).hex() for number in range(count)]
    assert bitcoin_json.merkle_root(ids, "it") == blocks.merkle_root(ids)
