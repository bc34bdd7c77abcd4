"""A node that is away, lags, lies, answers half a block or follows another network: named, and nothing changes by it."""

from collections.abc import Callable
from typing import Any

import pytest

from activkode.core import sql
from activkode.doors.demo.fake_bitcoin import FakeBitcoin
from activkode.funding.chains.base import Away, Unusable, WrongNetwork
from activkode.funding.chains.bitcoin import BitcoinNode
from activkode.funding.watch import Watcher
from funding.bitcoin.scene import OPTIONS, Scene, movements, script_hex, state

pytestmark = pytest.mark.django_db
AMOUNT = 1_000_000
OTHER = "ab" * 32

Lie = Callable[[dict[str, Any]], object]


def paying(block: dict[str, Any]) -> dict[str, Any]:
    """The block's transaction that is no coinbase."""
    return dict(block)["tx"][-1]


def output(block: dict[str, Any]) -> dict[str, Any]:
    return paying(block)["vout"][0]


LIES: dict[str, Lie] = {
    "another hash": lambda b: b.update(hash=OTHER),
    "another height": lambda b: b.update(height=b["height"] + 1),
    "another parent": lambda b: b.update(previousblockhash=OTHER),
    "another time": lambda b: b.update(time=b["time"] + 1),
    "another root": lambda b: b.update(merkleroot=OTHER),
    "a root that is no hash": lambda b: b.update(merkleroot="x"),
    "bits that are no bytes": lambda b: b.update(bits="207fff"),
    "a nonce below zero": lambda b: b.update(nonce=-1),
    "a time beyond all time": lambda b: b.update(time=2**40),
    "a time as text": lambda b: b.update(time="now"),
    "no transactions": lambda b: b.update(tx=[], nTx=0),
    "fewer transactions than it says": lambda b: b["tx"].pop(),
    "fewer transactions, and says so": lambda b: (b["tx"].pop(), b.update(nTx=1)),
    "one transaction twice": lambda b: (b["tx"].append(paying(b)), b.update(nTx=b["nTx"] + 1)),
    "transactions in another order": lambda b: b["tx"].reverse(),
    "a transaction of another name": lambda b: paying(b).update(txid=OTHER),
    "a transaction's name is no hash": lambda b: paying(b).update(txid="zz"),
    "a transaction's name is short": lambda b: paying(b).update(txid="ab"),
    "more coins": lambda b: output(b).update(value=2),
    "more coins than there are": lambda b: output(b).update(value=21_000_001),
    "coins below zero": lambda b: output(b).update(value=-1),
    "coins that are no number": lambda b: output(b).update(value="NaN"),
    "parts of a satoshi": lambda b: output(b).update(value=1.5e-9),
    "no coins named": lambda b: output(b).pop("value"),
    "an output's number": lambda b: output(b).update(n=5),
    "an output more": lambda b: paying(b)["vout"].append(output(b)),
    "an output less": lambda b: paying(b)["vout"].pop(),
    "no outputs named": lambda b: paying(b).pop("vout"),
    "a stranger's output made ours": lambda b: b["tx"][0]["vout"][0]["scriptPubKey"].update(
        hex=script_hex(1)
    ),
    "no script": lambda b: output(b)["scriptPubKey"].pop("hex"),
    "other bytes": lambda b: paying(b).update(hex=b["tx"][0]["hex"]),
    "bytes cut off": lambda b: paying(b).update(hex=paying(b)["hex"][:60]),
    "no bytes": lambda b: paying(b).update(hex=""),
    "bytes that are none": lambda b: paying(b).update(hex="zz"),
    "no bytes named": lambda b: paying(b).pop("hex"),
}


@pytest.mark.parametrize("name", LIES)
def test_a_lie_about_a_block_changes_nothing_and_the_truth_is_taken_later(
    scene: Scene, address: str, name: str
) -> None:
    def twist(method: str, result: Any) -> Any:
        if method == "getblock":
            LIES[name](result)
        return result

    tx = scene.fake.pay(address, AMOUNT)
    scene.fake.mine()
    height = scene.height()
    scene.fake.faults.twist = twist

    assert scene.look().startswith("Unusable: ")
    assert (scene.height(), state(tx)) == (height, None)

    scene.fake.faults.twist = None
    scene.fake.mine()
    assert scene.look() == ""
    assert (state(tx), movements()) == ("credited", [("topup_btc", 500_000_000)])


@pytest.mark.parametrize(
    ("method", "answer"),
    [
        ("getblockcount", -1),
        ("getblockcount", "12"),
        ("getblockcount", None),
        ("getblockcount", 10**30),
        ("getblockcount", 3.5),
        ("getblockhash", "no hash"),
        ("getblockhash", "AB" * 32),
        ("getblockhash", 7),
        ("getblockheader", {}),
        ("getblockheader", {"hash": OTHER, "height": 1, "time": 1}),
        ("getblock", None),
        ("getblock", []),
        ("getblock", {"tx": "all of them"}),
        ("getrawmempool", {}),
        ("getrawmempool", [1]),
        ("getrawmempool", ["no hash"]),
        ("getrawtransaction", {}),
        ("getrawtransaction", "00"),
    ],
)
def test_an_answer_that_makes_no_sense_is_a_trouble_and_nothing_more(
    scene: Scene, address: str, method: str, answer: Any
) -> None:
    scene.fake.pay(address, AMOUNT)
    if method.startswith("getblock"):
        scene.fake.mine()
    height = scene.height()
    scene.fake.faults.twist = lambda asked, result: answer if asked == method else result
    assert scene.look().startswith(("Unusable: ", "Away: "))
    assert (scene.height(), movements()) == (height, [])
    scene.fake.faults.twist = None
    assert scene.look() == ""


def test_half_a_block_is_not_taken(scene: Scene, address: str) -> None:
    tx = scene.fake.pay(address, AMOUNT)
    scene.fake.mine()
    scene.fake.faults.half_blocks = True
    assert scene.look() == "Unusable: block 2: 1 of 2 transactions"
    scene.fake.faults.half_blocks = False
    scene.look()
    assert state(tx) == "confirming"


def test_a_node_that_lags_takes_nothing_back(scene: Scene, address: str) -> None:
    tx = scene.fake.pay(address, AMOUNT)
    scene.fake.mine(3)
    scene.look()
    scene.fake.faults.lag_blocks = 2
    assert scene.look().startswith("Away: the node is at block 2")
    assert (state(tx), scene.height()) == ("credited", 4)


def test_a_node_that_forks_while_it_is_away_is_followed_when_it_is_back(scene: Scene, address: str) -> None:
    tx = scene.fake.pay(address, AMOUNT)
    scene.fake.mine(3)
    scene.look()
    scene.fake.faults.is_away = True
    assert scene.look().startswith("Away: getblockcount: ")
    scene.fake.reorg(3, 60)
    scene.fake.faults.is_away = False
    assert scene.look() == ""
    assert (state(tx), scene.height()) == ("credited", 61)
    assert movements() == [("topup_btc", 500_000_000)]


@pytest.mark.parametrize("fault", ["is_away", "is_warming_up", "cut_bodies"])
def test_a_node_in_trouble_is_away(scene: Scene, fault: str) -> None:
    setattr(scene.fake.faults, fault, True)
    told = scene.look()
    assert told.startswith("Away: getblockcount: ")
    setattr(scene.fake.faults, fault, False)
    assert scene.look() == ""


def test_a_node_that_is_not_there_is_away_and_comes_back(scene: Scene) -> None:
    scene.fake.stop()
    assert scene.look().startswith("Away: getblockcount: ConnectError")
    scene.fake.serve(scene.port)
    assert scene.look() == ""


def test_the_password_is_told_to_nobody_but_the_node(
    fake: FakeBitcoin, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level("DEBUG")
    node = BitcoinNode(fake.serve().replace("only-a-fake", "s3cret%2Fword"), OPTIONS)
    with pytest.raises(Away, match="refuses our name and password") as refused:
        node.head()
    fake.stop()
    with pytest.raises(Away) as gone:
        node.head()
    node.close()
    told = "".join((caplog.text, *capsys.readouterr(), repr(refused.value), repr(gone.value)))
    assert "s3cret" not in told


def test_a_node_of_another_network_is_never_begun_with() -> None:
    signet = FakeBitcoin("signet")
    node = BitcoinNode(signet.serve(), OPTIONS)
    try:
        assert not Watcher(node).round()
        with pytest.raises(WrongNetwork):
            node.genesis()
    finally:
        node.close()
        signet.stop()
    assert sql.value("select count(*) from funding_chain") == 0


def test_a_node_that_is_swapped_for_one_of_another_network_is_not_followed(
    scene: Scene, address: str
) -> None:
    tx = scene.fake.pay(address, AMOUNT)
    scene.fake.mine()
    scene.look()
    testnet = FakeBitcoin("testnet")
    testnet.mine(20)
    scene.fake.blocks = testnet.blocks
    assert scene.look().startswith("WrongNetwork: ")
    assert (state(tx), scene.height()) == ("confirming", 2)


def test_a_network_that_does_not_exist_is_refused_at_once() -> None:
    with pytest.raises(ValueError, match="no network of Bitcoin's"):
        BitcoinNode("http://127.0.0.1:1", {"network": "regnet"})


def test_another_chain_of_the_same_network_stops_the_watcher(scene: Scene, address: str) -> None:
    scene.fake.mine(130)
    scene.look()
    other = FakeBitcoin(seed="other")
    other.mine(140)
    scene.fake.blocks = other.blocks
    assert scene.look() == "Unusable: a fork deeper than 100 blocks: a person has to look"


def test_a_fork_below_the_first_block_stops_the_watcher(scene: Scene) -> None:
    scene.fake.mine()
    scene.look()
    other = FakeBitcoin(seed="other")
    other.mine(4)
    scene.fake.blocks = other.blocks
    assert scene.look() == "Unusable: a fork below the first block that was read: a person has to look"
    assert scene.height() == 1


def test_a_lie_in_the_mempool_shows_nothing(scene: Scene, address: str) -> None:
    def twist(method: str, result: Any) -> Any:
        if method == "getrawtransaction":
            result["vout"][0]["value"] = 5
        return result

    tx = scene.fake.pay(address, AMOUNT)
    scene.fake.faults.twist = twist
    assert scene.look().startswith("Unusable: transaction ")
    assert state(tx) is None
    with pytest.raises(Unusable):
        scene.node.pending(scene.watcher._own)
