"""The fake Bitcoin node takes what a real one takes, and refuses the rest with Core's codes and words."""

from collections.abc import Callable, Iterator

import pytest
from embit import bip32, script
from embit.networks import NETWORKS
from embit.script import Script, Witness
from embit.transaction import Transaction, TransactionInput, TransactionOutput

from activkode.doors.demo.fake_bitcoin import FakeBitcoin
from activkode.funding.chains.base import Away
from activkode.withdrawals.chains.bitcoin_node import PayoutNode

_KEY = bip32.HDKey.from_seed(b"one key").key
_OWN = script.p2wpkh(_KEY.get_public_key())
_ADDRESS = "bcrt1qw508d6qejxtdg4y5r3zarvary0c5xw7kygt080"
COIN, FEE = 100_000, 1_000
Tamper = Callable[[Transaction], object]


@pytest.fixture
def fake() -> Iterator[FakeBitcoin]:
    chain = FakeBitcoin()
    yield chain
    chain.stop()


@pytest.fixture
def node(fake: FakeBitcoin) -> Iterator[PayoutNode]:
    made = PayoutNode({"url": fake.serve(), "network": "regtest"})
    yield made
    made.close()


def coin(fake: FakeBitcoin) -> tuple[str, int]:
    """One of ours, in a block."""
    txid = fake.pay(str(_OWN.address(NETWORKS["regtest"])), COIN)
    fake.mine()
    return txid, 0


def made(source: tuple[str, int], fee: int = FEE, sequence: int = 0xFFFFFFFD) -> Transaction:
    """Pays it elsewhere; not signed."""
    return Transaction(
        version=2,
        vin=[TransactionInput(bytes.fromhex(source[0]), source[1], sequence=sequence)],
        vout=[TransactionOutput(COIN - fee, script.address_to_scriptpubkey(_ADDRESS))],
    )


def signed(transaction: Transaction) -> bytes:
    for number, source in enumerate(transaction.vin):
        digest = transaction.sighash_segwit(number, script.p2pkh_from_p2wpkh(_OWN), COIN)
        source.witness = Witness([_KEY.sign(digest).serialize() + b"\x01", _KEY.get_public_key().sec()])
    return bytes(transaction.serialize())


def refused(node: PayoutNode, raw: bytes) -> tuple[int | None, str]:
    with pytest.raises(Away) as away:
        node.send(raw)
    return away.value.code, str(away.value)


def test_a_right_one_is_taken_again_and_again_and_then_is_in_the_chain(
    fake: FakeBitcoin, node: PayoutNode
) -> None:
    raw = signed(made(coin(fake)))
    assert node.send(raw) == node.send(raw)
    assert node.waiting([node.send(raw)])
    fake.mine()
    assert refused(node, raw)[0] == -27


WRONG: dict[str, tuple[Tamper, int, str]] = {
    "a coin that is not there": (lambda tx: setattr(tx.vin[0], "vout", 9), -25, "missingorspent"),
    "more than there is": (lambda tx: setattr(tx.vout[0], "value", COIN + 1), -26, "in-belowout"),
    "no fee": (lambda tx: setattr(tx.vout[0], "value", COIN), -26, "min relay fee"),
    "dust": (lambda tx: tx.vout.append(TransactionOutput(293, _OWN)), -26, "dust"),
    "a coin twice": (lambda tx: tx.vin.append(tx.vin[0]), -26, "duplicate"),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_breaks_a_rule_is_refused(fake: FakeBitcoin, node: PayoutNode, name: str) -> None:
    tamper, code, words = WRONG[name]
    transaction = made(coin(fake))
    tamper(transaction)
    found = refused(node, signed(transaction))
    assert (found[0], words in found[1]) == (code, True), found


@pytest.mark.parametrize(
    "witness", [[], [b"", b""], [b"\x30\x06\x02\x01\x01\x02\x01\x01\x01", _KEY.get_public_key().sec()]]
)
def test_a_wrong_signature_is_refused(fake: FakeBitcoin, node: PayoutNode, witness: list[bytes]) -> None:
    transaction = made(coin(fake))
    signed(transaction)
    transaction.vin[0].witness = Witness(witness)
    assert refused(node, transaction.serialize())[0] == -26


def test_a_changed_output_breaks_the_signature(fake: FakeBitcoin, node: PayoutNode) -> None:
    transaction = made(coin(fake))
    signed(transaction)
    transaction.vout[0].script_pubkey = Script(b"\x00\x14" + bytes(20))
    assert "script-verify" in refused(node, transaction.serialize())[1]


@pytest.mark.parametrize("raw", [b"", b"\x02", b"\xff" * 100])
def test_bytes_that_are_no_transaction_are_refused(node: PayoutNode, raw: bytes) -> None:
    assert refused(node, raw)[0] == -22


@pytest.mark.parametrize(
    ("first", "fee", "words"),
    [
        (0xFFFFFFFD, FEE, "new feerate"),
        (0xFFFFFFFD, FEE - 1, "less fees"),
        (0xFFFFFFFD, FEE + 50, "not enough additional fees"),
        (0xFFFFFFFE, FEE * 9, "txn-mempool-conflict"),
    ],
)
def test_a_replacement_that_pays_too_little_or_was_not_announced_is_refused(
    fake: FakeBitcoin, node: PayoutNode, first: int, fee: int, words: str
) -> None:
    source = coin(fake)
    before = node.send(signed(made(source, sequence=first)))
    changed = made(source, fee)
    changed.locktime = 1  # another transaction, whatever its fee
    assert words in refused(node, signed(changed))[1]
    assert node.waiting([before]) == before


def test_a_replacement_that_pays_for_itself_takes_the_place(fake: FakeBitcoin, node: PayoutNode) -> None:
    source = coin(fake)
    first = node.send(signed(made(source)))
    second = node.send(signed(made(source, FEE + 110)))
    assert (node.waiting([first]), node.waiting([second])) == (None, second)
    assert not node.is_unspent(f"{source[0]}:0", in_mempool=True)
    assert node.is_unspent(f"{source[0]}:0", in_mempool=False)
