"""Pays out a token on TRON (USDT, TRC-20) from one address. The transaction is written here, not by a node; one that no
block took before its expiry is dead, and until then it is not replaced, for TRON replaces none.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

from activkode.funding.chains.base import Away, Unusable
from activkode.funding.chains.tron import TRON, key_of
from activkode.funding.policy import BY_ASSET, FEES, Asset, Chain
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
from activkode.withdrawals.chains.curve import BadSignature
from activkode.withdrawals.chains.tron_cost import Cost, call, cost_now
from activkode.withdrawals.chains.tron_forms import (
    SignedTransfer,
    Transfer,
    body_of,
    read_signed,
    shown,
    transfer_of,
    twenty_one,
)
from activkode.withdrawals.chains.tron_http import TronHttp, number
from activkode.withdrawals.chains.tron_look import look, proof_of_expiry
from activkode.withdrawals.policy import FIGURES, Figure, Kind

_EXPIRY = FIGURES[Figure.TRON_EXPIRY_SECONDS] * 1000
# What nodes say of a transaction: api.proto, Return.response_code. What is in none of these was not decided.
_REFUSALS = {
    "SIGERROR",
    "CONTRACT_VALIDATE_ERROR",
    "CONTRACT_EXE_ERROR",
    "BANDWITH_ERROR",
    "TAPOS_ERROR",
    "TOO_BIG_TRANSACTION_ERROR",
    "TRANSACTION_EXPIRATION_ERROR",
}
_KNOWN = "DUP_TRANSACTION_ERROR"


class TronPayer:
    """chains.base.Payer over TRON's HTTP API. options, of ACTIVKODE_CHAINS and ACTIVKODE_PAYOUTS together: http_url (the
    API's address: another port of a node than its JSON-RPC), second_http_url, genesis, tokens, and address: the wallet that
    pays. Raises Unusable where an address is none."""

    chain = Chain.TRON
    asset = Asset.USDT_TRC20
    fee_coin = FEES[Asset.USDT_TRC20].coin.value

    def __init__(self, options: Mapping[str, Any]) -> None:
        urls = [options[name] for name in ("http_url", "second_http_url") if options.get(name)]
        if not options.get("http_url"):
            raise Unusable("the wallet on TRON has no http_url: payouts go over the node's HTTP API")
        self._nodes = [TronHttp(url, options.get("genesis") or TRON.genesis) for url in urls]
        self._node = self._nodes[0]
        self._wallet = key_of(options["address"])
        self._contract = key_of((options.get("tokens") or TRON.assets)[self.asset])

    def wallet(self) -> str:
        """The sending address, in TRON's own form."""
        return shown(self._wallet)

    def holds(self) -> int:
        """The token on the wallet. Raises Away, Unusable."""
        parameter = self._wallet[2:].rjust(64, "0")
        found = call(self._node, self._wallet, self._contract, "balanceOf(address)", parameter)
        try:
            return int(found["constant_result"][0], 16)
        except (KeyError, IndexError, TypeError, ValueError):
            raise Unusable("the balance is no number") from None

    def next_nonce(self) -> int | None:
        """None: TRON's addresses count nothing."""
        return None

    def cost(self, destination: str, amount: int) -> int:
        """Sun that such a transfer would burn now; what is staked covers the rest. Raises CannotPay, Away, Unusable."""
        return self._cost(key_of(destination), amount).now

    def _cost(self, to: str, amount: int) -> Cost:
        parameter = to[2:].rjust(64, "0") + f"{amount:064x}"
        return cost_now(self._node, self._wallet, self._contract, parameter)

    # --- building ---

    def build(self, wish: Wish, nonce: int | None, taken: frozenset[str]) -> Unsigned:
        """A transfer that a block may take until it expires. Raises CannotPay, Away, Unusable."""
        self._node.must_be_on_network()
        to = key_of(wish.destination)
        if (held := self.holds()) < wish.amount:
            raise CannotPay(f"the wallet holds {held}; {wish.amount} are needed")
        cost = self._cost(to, wish.amount)
        self._must_cover(cost.now)
        made = self._transfer(wish, to, cost.fee_limit(wish.most_fee))
        if made.txid() in taken:
            raise CannotPay("another payout is the same transaction: try again in a moment")
        return Unsigned(
            Kind.PAY,
            body_of(made, _sentence(wish, made, cost)),
            (made.txid(),),
            made.fee_limit + cost.bandwidth,
            self.fee_coin,
            datetime.fromtimestamp(made.expiration // 1000, UTC),
        )

    def _transfer(self, wish: Wish, to: str, fee_limit: int) -> Transfer:
        # The times are the chain's own; the block that it stands on cannot be taken back.
        now, solid = self._node.head().milliseconds, self._node.solid()
        before, behind = _apart(wish.payout)
        return Transfer(
            owner=self._wallet,
            contract=self._contract,
            to=to,
            amount=wish.amount,
            fee_limit=fee_limit,
            ref_bytes=solid.height.to_bytes(8)[-2:],
            ref_hash=bytes.fromhex(solid.id)[8:16],
            expiration=now + _EXPIRY - before,
            timestamp=now - behind,
        )

    def _must_cover(self, sun: int) -> None:
        account = self._node.ask("wallet/getaccount", address=twenty_one(self._wallet))
        if (held := number(account.get("balance"), "a balance")) < sun:
            raise CannotPay(f"the wallet holds {held} sun for fees; {sun} are needed")

    def replace(self, wish: Wish, before: Unsigned, kind: Kind) -> Unsigned:
        """Never: raises CannotPay."""
        raise CannotPay("TRON replaces no transaction: it ends by itself at its expiry")

    # --- what came back ---

    def check(self, unsigned: Unsigned, raw: bytes) -> Signed:
        """That these bytes are that transfer, signed by the wallet. Raises Mismatch. Asks nobody."""
        try:
            asked, found = transfer_of(unsigned.body), read_signed(raw)
        except ValueError as error:
            raise Mismatch(str(error)) from error
        for name in Transfer.__slots__:
            wanted, got = getattr(asked, name), getattr(found.transfer, name)
            if wanted != got:
                raise Mismatch(f"{name} is {got!r}, asked for was {wanted!r}")
        if (found.transfer.owner, found.transfer.contract) != (self._wallet, self._contract):
            raise Mismatch("it moves another wallet's tokens, or another token")
        if unsigned.spends != (found.transfer.txid(),):
            raise Mismatch("its id is not the one that was stored")
        if (signer := _signer(found)) != self._wallet:
            raise Mismatch(f"the signature is that of {shown(signer)}, not of {self.wallet()}")
        return Signed(found.transfer.txid(), raw)

    # --- the chain ---

    def broadcast(self, signed: Signed) -> Broadcast:
        """Gives the bytes to the node. TAKEN proves nothing yet. Never raises for what the node says, nor for one that is
        away."""
        try:
            answer = self._node.ask("wallet/broadcasthex", transaction=signed.raw.hex())
        except (Away, Unusable) as error:
            return Broadcast(Told.UNANSWERED, str(error))
        code, words = (
            str(answer.get("code", "")),
            f"{answer.get('code')}: {str(answer.get('message', ''))[:200]}",
        )
        if answer.get("result") is True and answer.get("txid") == signed.tx:
            return Broadcast(Told.TAKEN)
        if code == _KNOWN:
            return Broadcast(Told.KNOWN, words)
        return Broadcast(Told.REFUSED if code in _REFUSALS else Told.UNANSWERED, words)

    def look(self, versions: tuple[Version, ...]) -> Sight:
        """What became of it. Raises Away, Unusable."""
        return look(self._nodes, versions)

    def expired(self, unsigned: Unsigned) -> bool:
        """Whether solid blocks from well after its expiry are there, and no node knows it. Raises Away, Unusable."""
        return proof_of_expiry(self._nodes, transfer_of(unsigned.body)) is not None


def _apart(payout: str) -> tuple[int, int]:
    """Milliseconds by which this payout's times differ from another's: two equal payments of one moment would otherwise be
    one transaction."""
    mark = int.from_bytes(sha256(payout.encode()).digest()[:8])
    return mark % 60_000, mark // 60_000 % 3_000


def _signer(found: SignedTransfer) -> str:
    try:
        return found.signer()
    except BadSignature as error:
        raise Mismatch(str(error)) from error


def _sentence(wish: Wish, made: Transfer, cost: Cost) -> str:
    amount = _coins(made.amount, BY_ASSET[Asset.USDT_TRC20].decimals)
    fee = _coins(made.fee_limit + cost.bandwidth, FEES[Asset.USDT_TRC20].decimals)
    until = datetime.fromtimestamp(made.expiration // 1000, UTC).isoformat()
    return f"{wish.payout}: pays {amount} USDT to {shown(made.to)}; fee at most {fee} TRX; good until {until}"


def _coins(units: int, decimals: int) -> str:
    whole, parts = divmod(units, 10**decimals)
    return f"{whole}.{parts:0{decimals}d}".rstrip("0").rstrip(".")
