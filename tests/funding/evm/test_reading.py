"""What is found in a block, on a fake node and without a database."""

import pytest
from bip_utils import EthAddrDecoder, TrxAddrDecoder

from activkode.doors.demo.fake_evm import FakeEvm, Fault
from activkode.doors.demo.fake_evm.chain import TRANSFER, FakeLog, FakeTx, Move, transfer_log, word
from activkode.doors.demo.fake_evm.node import PAYER
from activkode.funding.chains.base import PLAIN_VALUE, Away, Left, Unusable, WrongNetwork
from activkode.funding.chains.evm import ETHEREUM, EthereumNode
from activkode.funding.chains.tron import TRON, TronNode, key_of
from activkode.funding.policy import Asset, Reason
from funding.evm.stage import (
    ALICE,
    ANOTHER,
    ETH,
    LOOKALIKE,
    STRANGER,
    TOKEN,
    USDT,
    Ours,
    made_up,
    node_of,
    options,
    read,
    short,
)

USDT_ASSET = Asset.USDT_TRC20


# --- plain value ---


@pytest.mark.parametrize("kind", [0, 1, 2, 3, 4, 0x7F], ids=hex)
def test_ether_of_any_type_of_transaction_is_found(ethereum: FakeEvm, kind: int) -> None:
    tx = ethereum.pay(ALICE, ETH, kind=kind)
    ethereum.mine()
    (found,) = read(ethereum).found
    assert short(found) == (PLAIN_VALUE, ALICE, ETH, Asset.ETH, "", None)
    assert (found.tx, found.inputs) == (tx, (f"{PAYER}:0",))


def test_a_failed_payment_is_found_as_failed(ethereum: FakeEvm) -> None:
    ethereum.pay(ALICE, ETH, fails=True)
    ethereum.mine()
    (found,) = read(ethereum).found
    assert short(found) == (PLAIN_VALUE, ALICE, ETH, Asset.ETH, "", Reason.FAILED)


def test_no_value_is_found_as_such(ethereum: FakeEvm) -> None:
    ethereum.pay(ALICE, 0)
    ethereum.mine()
    assert [found.reason for found in read(ethereum).found] == [Reason.ZERO_AMOUNT]


def test_trx_is_the_wrong_asset(tron: FakeEvm) -> None:
    tron.pay(ALICE, 5)
    tron.mine()
    (found,) = read(tron).found
    assert short(found) == (PLAIN_VALUE, ALICE, 5, None, "TRX", Reason.WRONG_ASSET)


def test_the_making_of_a_contract_and_an_empty_block_are_no_trouble(either: FakeEvm) -> None:
    either.send(FakeTx("", PAYER, -1, None, 5, "0x6000"))
    either.mine(2)
    assert (read(either, 1).found, read(either, 2).found) == ((), ())


def test_what_is_paid_to_others_is_not_found(either: FakeEvm) -> None:
    either.pay(STRANGER, ETH)
    either.pay_token(TOKEN, STRANGER, USDT)
    either.mine()
    assert read(either).found == ()


# --- tokens ---


def test_the_exact_contract_is_the_asset(either: FakeEvm) -> None:
    either.pay_token(TOKEN, ALICE, 7 * USDT)
    either.mine()
    (found,) = read(either).found
    assert short(found) == (0, ALICE, 7 * USDT, USDT_ASSET, "", None)


LOGS = {
    "a look-alike": (transfer_log(LOOKALIKE, STRANGER, ALICE, 5), 5, None, LOOKALIKE, Reason.UNKNOWN_TOKEN),
    "a look-alike's nought": (
        transfer_log(LOOKALIKE, STRANGER, ALICE, 0),
        *(0, None, LOOKALIKE, Reason.UNKNOWN_TOKEN),
    ),
    "another known token": (transfer_log(ANOTHER, STRANGER, ALICE, 5), 5, None, "USDC", Reason.WRONG_ASSET),
    "its nought": (transfer_log(ANOTHER, STRANGER, ALICE, 0), 0, None, "USDC", Reason.ZERO_AMOUNT),
    "nought (poisoned)": (transfer_log(TOKEN, STRANGER, ALICE, 0), 0, USDT_ASSET, "", Reason.ZERO_AMOUNT),
    "a collectible": (
        FakeLog(TOKEN, (TRANSFER, word(STRANGER), word(ALICE), word(1)), "0x"),
        *(0, None, TOKEN, Reason.MALFORMED),
    ),
    "data too short": (
        FakeLog(TOKEN, (TRANSFER, word(STRANGER), word(ALICE)), "0x05"),
        *(0, None, TOKEN, Reason.MALFORMED),
    ),
    "data too long": (
        FakeLog(TOKEN, (TRANSFER, word(STRANGER), word(ALICE)), word(5) + "00" * 32),
        *(0, None, TOKEN, Reason.MALFORMED),
    ),
    "nothing indexed": (
        FakeLog(TOKEN, (TRANSFER,), word(STRANGER) + word(ALICE)[2:] + word(5)[2:]),
        *(0, None, TOKEN, Reason.MALFORMED),
    ),
    "one party indexed": (
        FakeLog(LOOKALIKE, (TRANSFER, word(STRANGER)), word(ALICE) + word(5)[2:]),
        *(0, None, LOOKALIKE, Reason.MALFORMED),
    ),
    "an address with more than twenty bytes": (
        FakeLog(TOKEN, (TRANSFER, word(STRANGER), "0x01" + word(ALICE)[4:]), word(5)),
        *(0, None, TOKEN, Reason.MALFORMED),
    ),
}


@pytest.mark.parametrize("case", LOGS.values(), ids=list(LOGS))
def test_every_other_log_has_its_reason(either: FakeEvm, case: tuple[object, ...]) -> None:
    log, amount, asset, token, reason = case
    assert isinstance(log, FakeLog)
    either.log(log)
    either.mine()
    (found,) = read(either).found
    assert short(found) == (0, ALICE, amount, asset, token, reason)


def test_the_largest_amount_is_passed_on_as_it_is(either: FakeEvm) -> None:
    either.pay_token(TOKEN, ALICE, 10**30)
    either.mine()
    assert [(found.amount, found.reason) for found in read(either).found] == [(10**30, None)]


def test_two_deposits_in_one_transaction_keep_their_places(either: FakeEvm) -> None:
    logs = [
        transfer_log(TOKEN, STRANGER, to, amount) for to, amount in ((STRANGER, 1), (ALICE, 2), (ALICE, 3))
    ]
    noise = FakeLog(TOKEN, (word(1),), "0x")  # an approval or the like counts too
    moves = tuple(Move(TOKEN, PAYER, ALICE, amount) for amount in (2, 3))
    either.pay_token(TOKEN, STRANGER, 9)
    either.log(logs[0], noise, *logs[1:], moves=moves)
    either.mine()
    found = read(either).found
    assert [(one.position, one.amount, one.reason) for one in found] == [(2, 2, None), (3, 3, None)]
    either.reorg(1, keep=[found[0].tx])  # alone in its block now: its logs are numbered anew
    assert [(one.tx, one.position) for one in read(either, 1).found] == [
        (one.tx, one.position) for one in found
    ]


def test_a_token_that_is_moved_for_someone_by_another_is_found(either: FakeEvm) -> None:
    either.log(transfer_log(TOKEN, STRANGER, ALICE, 5), moves=(Move(TOKEN, STRANGER, ALICE, 5),))
    either.mine()
    assert [short(one)[2:] for one in read(either).found] == [(5, USDT_ASSET, "", None)]


def test_a_failed_call_of_our_token_is_found_as_failed(either: FakeEvm) -> None:
    either.pay_token(TOKEN, ALICE, USDT, fails=True)
    either.mine()
    assert [short(one) for one in read(either).found] == [(0, ALICE, USDT, USDT_ASSET, "", Reason.FAILED)]


def test_a_call_that_says_one_thing_and_logs_another_is_what_it_logs(either: FakeEvm) -> None:
    """Some versions of java-tron show a transaction's memo, which anybody may write, where others show its call."""
    bob = made_up("bob")
    data = "0xa9059cbb" + word(ALICE)[2:] + word(9)[2:]
    log, move = transfer_log(TOKEN, STRANGER, bob, 5), Move(TOKEN, STRANGER, bob, 5)
    either.send(FakeTx("", PAYER, -1, TOKEN, 0, data, logs=(log,), moves=(move,)))
    either.mine()
    assert [short(one) for one in read(either, own=Ours(ALICE, bob)).found] == [
        (0, bob, 5, USDT_ASSET, "", None)
    ]


def test_a_token_that_takes_a_fee_is_under_doubt(ethereum: FakeEvm) -> None:
    ethereum.pay_token(TOKEN, ALICE, 100, fee=1)
    ethereum.mine()
    assert [one.reason for one in read(ethereum).found] == [Reason.RECEIVED_LESS]


def test_on_tron_a_fee_is_not_seen_in_the_block(tron: FakeEvm) -> None:
    """java-tron tells no balance of the past; the round through the balances finds it (test_holdings.py)."""
    tron.pay_token(TOKEN, ALICE, 100, fee=1)
    tron.mine()
    assert [one.reason for one in read(tron).found] == [None]


def test_what_leaves_in_the_same_block_is_no_fee(ethereum: FakeEvm) -> None:
    ethereum.pay_token(TOKEN, ALICE, 100)
    ethereum.pay_token(TOKEN, STRANGER, 100, sender=ALICE)
    ethereum.mine()
    block = read(ethereum)
    assert [(one.amount, one.reason) for one in block.found] == [(100, None)]
    assert Left(ALICE, USDT_ASSET, 100) in block.left


def test_what_leaves_is_told_with_its_fee(ethereum: FakeEvm) -> None:
    ethereum.pay(STRANGER, ETH, sender=ALICE)
    ethereum.pay(STRANGER, ETH, sender=ALICE, fails=True)
    ethereum.mine()
    fee = 21_000 * 10**9
    assert read(ethereum).left == (Left(ALICE, Asset.ETH, ETH + fee), Left(ALICE, Asset.ETH, fee))


# --- what waits ---


def test_what_waits_is_sighted_in_the_place_where_it_will_stand(ethereum: FakeEvm) -> None:
    ethereum.pay(ALICE, ETH)
    ethereum.pay_token(TOKEN, ALICE, USDT)
    sighted = node_of(ethereum).pending(Ours(ALICE))
    ethereum.mine()
    assert [short(one) for one in sighted] == [
        (PLAIN_VALUE, ALICE, ETH, Asset.ETH, "", None),
        (0, ALICE, USDT, USDT_ASSET, "", None),
    ]
    assert list(read(ethereum).found) == sighted


def test_tron_has_no_mempool_to_look_at(tron: FakeEvm) -> None:
    tron.pay_token(TOKEN, ALICE, USDT)
    node = node_of(tron)
    assert (node.pending(Ours(ALICE)), node.conflicts(Ours(ALICE, waiting=frozenset({"x:0"})))) == ([], [])


def test_a_replacement_is_told_while_it_waits_and_when_it_stands(ethereum: FakeEvm) -> None:
    ethereum.pay(ALICE, ETH)
    other = ethereum.pay(STRANGER, ETH, nonce=0)
    own = Ours(ALICE, waiting=frozenset({f"{PAYER}:0"}))
    assert node_of(ethereum).conflicts(own) == [(f"{PAYER}:0", other)]
    ethereum.mine()
    assert read(ethereum, own=own).spent == ((f"{PAYER}:0", other),)


# --- the node itself ---


def test_the_head_says_what_is_final(either: FakeEvm) -> None:
    either.answers.final_lag = 3
    either.mine(10)
    head = node_of(either).head()
    assert (head.height, head.hash, head.final_height) == (10, either.head.hash, 7)


def test_a_node_without_a_final_block_has_none(either: FakeEvm) -> None:
    either.mine(3)
    either.faults.add(Fault.NO_FINALITY)
    assert node_of(either).head().final_height == 0


@pytest.mark.parametrize(
    ("fault", "trouble"),
    [
        (Fault.AWAY, Away),
        (Fault.HALF, Unusable),
        (Fault.NO_TRANSACTIONS, Unusable),
        (Fault.MISSING_LOGS, Unusable),
        (Fault.REMOVED_LOGS, Unusable),
    ],
)
def test_a_block_that_is_not_whole_is_not_read(
    either: FakeEvm, fault: Fault, trouble: type[Exception]
) -> None:
    either.pay_token(TOKEN, ALICE, USDT)
    either.mine()
    either.faults.add(fault)
    with pytest.raises(trouble):
        read(either)
    either.faults.clear()
    assert len(read(either).found) == 1


def test_a_call_of_our_token_in_a_block_without_its_logs_is_looked_into(either: FakeEvm) -> None:
    """Whoever is paid through transferFrom is named in the log alone."""
    log = transfer_log(TOKEN, STRANGER, ALICE, 5)
    either.log(log, moves=(Move(TOKEN, STRANGER, ALICE, 5),), to=TOKEN)
    either.mine()
    either.faults.add(Fault.MISSING_LOGS)
    with pytest.raises(Unusable, match="differ"):
        read(either)
    either.faults.clear()
    assert [one.amount for one in read(either).found] == [5]


def test_a_call_of_our_token_that_moves_nothing_is_no_trouble(either: FakeEvm) -> None:
    either.log(to=TOKEN)
    either.mine()
    assert read(either).found == ()


def test_another_network_is_refused_by_its_number(either: FakeEvm) -> None:
    assert node_of(either).genesis() == either.genesis
    either.faults.add(Fault.WRONG_NETWORK)
    with pytest.raises(WrongNetwork):
        node_of(either).genesis()


def test_another_network_is_refused_by_its_first_block(either: FakeEvm) -> None:
    with pytest.raises(WrongNetwork):
        node_of(either, {"genesis": "0x" + "00" * 32}).genesis()


def test_without_options_only_the_main_networks_will_do(ethereum: FakeEvm, tron: FakeEvm) -> None:
    ethereum.answers.chain_id, tron.answers.chain_id = 1, 0x2B6653DC
    with pytest.raises(WrongNetwork):
        EthereumNode(ethereum.url, {}).genesis()
    with pytest.raises(WrongNetwork):
        TronNode(tron.url, {}).genesis()


def test_a_height_above_the_head_is_waited_for(either: FakeEvm) -> None:
    with pytest.raises(Away):
        node_of(either).hash_at(5)
    with pytest.raises(Away):
        node_of(either).fetch(5)


def test_more_results_than_tron_gives_at_once_are_read_from_receipts(tron: FakeEvm) -> None:
    tron.answers.most_results = 3
    for amount in range(1, 6):
        tron.pay_token(TOKEN, ALICE, amount)
    tron.mine()
    assert [one.amount for one in read(tron).found] == [1, 2, 3, 4, 5]


def test_nothing_that_java_tron_refuses_is_asked(tron: FakeEvm) -> None:
    with pytest.raises(Away, match="safe not supported"):
        node_of(tron)._rpc.ask("eth_getBlockByNumber", "safe", False)
    tron.pay_token(TOKEN, ALICE, USDT)
    tron.mine()
    assert len(read(tron).found) == 1


# --- contracts ---


def test_a_contract_of_tron_is_compared_as_21_bytes_with_their_checksum() -> None:
    assert key_of("TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6t") == "0xa614f803b6fd780986a42c78ec9c7f77e6ded13c"


@pytest.mark.parametrize(
    "text",
    [
        "TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6u",
        "1BvBMSEYstWetqTFn5Au4m4GFg7xJaNVN2",
        "T",
        "",
        "0x41a614f803b6fd780986a42c78ec9c7f77e6ded13c",
        "0x12",
        "TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj60",
    ],
)
def test_what_is_no_contract_of_tron_is_refused(text: str) -> None:
    with pytest.raises(Unusable):
        key_of(text)


def test_the_contracts_of_the_main_networks_carry_their_checksums() -> None:
    for text in ETHEREUM.strangers.values():
        assert bytes(EthAddrDecoder.DecodeAddr(text)).hex() == text[2:].lower()
    for text in (*TRON.assets.values(), *TRON.strangers.values()):
        assert bytes(TrxAddrDecoder.DecodeAddr(text)).hex() == key_of(text)[2:]


def test_upper_and_lower_case_name_the_same_contract(ethereum: FakeEvm) -> None:
    changed = options(ethereum) | {"tokens": {"USDT-TRC20": "0x" + TOKEN[2:].upper()}}
    ethereum.pay_token(TOKEN, ALICE, USDT)
    ethereum.mine()
    node = EthereumNode(ethereum.url, changed)
    assert [one.asset for one in node.read(node.fetch(1), Ours(ALICE)).found] == [USDT_ASSET]
