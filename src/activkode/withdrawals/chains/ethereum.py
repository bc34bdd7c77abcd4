"""Pays out ether from one address: plain payments of type 2 (EIP-1559), one number of the address each. The number is given
by the caller and never asked of the node; a node is asked what things cost, and believed only within bounds.
"""

from collections.abc import Mapping
from typing import Any

from activkode.funding.chains.base import Away, Unusable, WrongNetwork
from activkode.funding.chains.evm_rpc import Declined, Rpc, address_of, data_of, quantity
from activkode.funding.policy import BY_ASSET, Asset, Chain
from activkode.withdrawals.chains.base import (
    Broadcast,
    CannotPay,
    Mismatch,
    Sight,
    Signed,
    Told,
    Unsigned,
    Version,
    Wish,
)
from activkode.withdrawals.chains.curve import BadSignature, keccak256
from activkode.withdrawals.chains.ethereum_forms import (
    Payment,
    SignedPayment,
    body_of,
    checksummed,
    payment_of,
    read_signed,
)
from activkode.withdrawals.chains.ethereum_look import look
from activkode.withdrawals.chains.ethereum_price import Price, price_now, raised
from activkode.withdrawals.policy import Kind

MAIN_NETWORK = 1
PLAIN_GAS = 21_000
# A destination with code takes what its code needs; more than this is no payment any more.
MOST_GAS = 100_000
_MARGIN_PERCENT = 120  # estimates are exact at the moment of asking only
# What nodes say of a transaction that they have already (geth, erigon; nethermind; anvil, reth).
_KNOWN_WORDS = ("already known", "known transaction", "alreadyknown", "already imported", "already exists")
_NONCE_WORDS = ("nonce too low", "oldnonce", "nonce is too low")


class EthereumPayer:
    """chains.base.Payer over JSON-RPC. options, of ACTIVKODE_CHAINS and ACTIVKODE_PAYOUTS together: url, second_url,
    chain_id (the main network's where none is given), and address: the wallet that pays. Raises
    Unusable where the address is none."""

    chain = Chain.ETHEREUM
    asset = Asset.ETH
    fee_coin = "ETH"

    def __init__(self, options: Mapping[str, Any]) -> None:
        urls = [options[name] for name in ("url", "second_url") if options.get(name)]
        self._nodes = [Rpc(url, batches=True) for url in urls]
        self._rpc = self._nodes[0]
        self._chain_id = int(options.get("chain_id", MAIN_NETWORK))
        self._wallet = address_of(options.get("address"), "the wallet")

    def wallet(self) -> str:
        """The sending address, in lower-case hex."""
        return self._wallet

    def holds(self) -> int:
        """Wei on the wallet at the newest block. Raises Away, Unusable."""
        return quantity(self._rpc.ask("eth_getBalance", self._wallet, "latest"), "the balance")

    def next_nonce(self) -> int | None:
        """How many transactions of the wallet are mined. Raises Away, Unusable."""
        return quantity(self._rpc.ask("eth_getTransactionCount", self._wallet, "latest"), "the count")

    def cost(self, destination: str, amount: int) -> int:
        """Wei that a payment would cost in the next block. Raises Away, Unusable, CannotPay."""
        return self._gas(destination, amount) * price_now(self._rpc).now

    # --- building ---

    def build(self, wish: Wish, nonce: int | None, taken: frozenset[str]) -> Unsigned:
        """A payment under that number. Raises CannotPay, Away, Unusable."""
        if nonce is None:
            raise CannotPay("a payment of ether needs its number")
        if self._coin(nonce) in taken:
            raise CannotPay(f"number {nonce} of {self._wallet} belongs to another payout")
        self._must_be_on_network()
        gas = self._gas(wish.destination, wish.amount)
        offer = price_now(self._rpc).within(wish.most_fee // gas)
        made = self._payment(wish, Kind.PAY, nonce, gas, offer)
        held = self.holds()
        if held < made.value + made.most_fee:
            raise CannotPay(
                f"the wallet holds {held} wei; {made.value} and a fee of {made.most_fee} are needed"
            )
        return self._unsigned(wish, Kind.PAY, made)

    def replace(self, wish: Wish, before: Unsigned, kind: Kind) -> Unsigned:
        """The same number at prices that nodes take as a replacement's. Raises CannotPay, Away, Unusable."""
        self._must_be_on_network()
        old = payment_of(before.body)
        gas = PLAIN_GAS if kind is Kind.VOID else self._gas(wish.destination, wish.amount)
        wanted = raised(Price(old.tip, old.most_price), price_now(self._rpc), wish.most_fee // gas)
        return self._unsigned(wish, kind, self._payment(wish, kind, old.nonce, gas, wanted))

    def _payment(self, wish: Wish, kind: Kind, nonce: int, gas: int, offer: Price) -> Payment:
        to, value = (self._wallet, 0) if kind is Kind.VOID else (_key(wish.destination), wish.amount)
        return Payment(self._chain_id, nonce, offer.tip, offer.most, gas, to, value)

    def _unsigned(self, wish: Wish, kind: Kind, made: Payment) -> Unsigned:
        spends, body = (self._coin(made.nonce),), body_of(made, self._wallet, _sentence(wish, kind, made))
        return Unsigned(kind, body, spends, made.most_fee, self.fee_coin)

    def _coin(self, nonce: int) -> str:
        return f"{self._wallet}:{nonce}"

    def _gas(self, destination: str, amount: int) -> int:
        to = _key(destination)
        if not data_of(self._rpc.ask("eth_getCode", to, "latest"), "the code"):
            return PLAIN_GAS
        call = {"from": self._wallet, "to": to, "value": hex(amount)}
        try:
            found = quantity(self._rpc.ask("eth_estimateGas", call), "an estimate")
        except Declined as error:
            raise CannotPay(f"{destination} is a contract that does not take it: {error}") from error
        wanted = max(PLAIN_GAS, found * _MARGIN_PERCENT // 100)
        if wanted > MOST_GAS:
            raise CannotPay(f"{destination} is a contract that wants {wanted} gas; the most is {MOST_GAS}")
        return wanted

    def _must_be_on_network(self) -> None:
        found = quantity(self._rpc.ask("eth_chainId"), "the network's number")
        if found != self._chain_id:
            raise WrongNetwork(f"the node is of network {found}, not {self._chain_id}")

    # --- what came back ---

    def check(self, unsigned: Unsigned, raw: bytes) -> Signed:
        """That these bytes are that payment, signed by the wallet. Raises Mismatch. Asks nobody."""
        try:
            asked, found = payment_of(unsigned.body), read_signed(raw)
        except ValueError as error:
            raise Mismatch(str(error)) from error
        self._compare(unsigned, asked, found.payment)
        if (sender := _sender(found)) != self._wallet:
            raise Mismatch(f"the signature is that of {sender}, not of {self._wallet}")
        return Signed("0x" + keccak256(raw).hex(), raw)

    def _compare(self, unsigned: Unsigned, asked: Payment, found: Payment) -> None:
        for name in Payment.__slots__:
            wanted, got = getattr(asked, name), getattr(found, name)
            if wanted != got:
                raise Mismatch(f"{name} is {got}, asked for was {wanted}")
        if found.chain_id != self._chain_id:
            raise Mismatch(f"it is of network {found.chain_id}, not {self._chain_id}")
        if unsigned.spends != (self._coin(found.nonce),) or unsigned.fee != found.most_fee:
            raise Mismatch("what it spends or can cost is not what was asked for")

    # --- the chain ---

    def broadcast(self, signed: Signed) -> Broadcast:
        """Gives the bytes to the node. Never raises for what the node says, nor for a node that is away."""
        try:
            answer = self._rpc.ask("eth_sendRawTransaction", "0x" + signed.raw.hex())
        except Declined as refusal:
            return self._refused(signed, str(refusal))
        except (Away, Unusable) as error:
            return Broadcast(Told.UNANSWERED, str(error))
        if answer != signed.tx:
            return Broadcast(Told.UNANSWERED, f"the node named another transaction: {str(answer)[:80]}")
        return Broadcast(Told.TAKEN)

    def _refused(self, signed: Signed, words: str) -> Broadcast:
        said = words.lower()
        if any(known in said for known in _KNOWN_WORDS):
            return Broadcast(Told.KNOWN, words)
        # Said of one that is mined already as of one whose number something else has taken.
        if any(low in said for low in _NONCE_WORDS) and self._knows(signed.tx):
            return Broadcast(Told.KNOWN, words)
        return Broadcast(Told.REFUSED, words)

    def _knows(self, tx: str) -> bool:
        try:
            return self._rpc.ask("eth_getTransactionByHash", tx) is not None
        except (Away, Unusable):
            return False

    def look(self, versions: tuple[Version, ...]) -> Sight:
        """What became of them. Raises Away, Unusable."""
        self._must_be_on_network()  # elsewhere the number may have been used by another transaction of the same wallet
        return look(self._nodes, self._wallet, versions)

    def expired(self, unsigned: Unsigned) -> bool:
        """Never: a signed payment stays good until its number is used."""
        return False


def _key(destination: str) -> str:
    return address_of(destination, "the destination")


def _sender(found: SignedPayment) -> str:
    try:
        return found.sender()
    except BadSignature as error:
        raise Mismatch(str(error)) from error


def _sentence(wish: Wish, kind: Kind, made: Payment) -> str:
    most = f"fee at most {_coins(made.most_fee)} ETH"
    if kind is Kind.VOID:
        return f"{wish.payout}: pays nobody, and makes number {made.nonce} of the wallet useless for others; {most}"
    return f"{wish.payout}: pays {_coins(made.value)} ETH to {checksummed(made.to)}; {most}"


def _coins(wei: int) -> str:
    decimals = BY_ASSET[Asset.ETH].decimals
    whole, parts = divmod(wei, 10**decimals)
    return f"{whole}.{parts:0{decimals}d}".rstrip("0").rstrip(".")
