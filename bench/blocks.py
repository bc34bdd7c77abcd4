"""Bitcoin blocks as `getblock` with verbosity 2 gives them, made up: real hashes and bytes, and the mix of inputs, outputs
and witnesses that full blocks have (1.6 MB and 9 MB of JSON for 2,500 transactions).
"""

import random
from hashlib import sha256

# Sizes of what stands in the script of an input, and in its witness: P2WPKH, P2TR, two of three, P2PKH, P2SH-P2WPKH.
_INPUTS = (
    ((), (72, 33)),
    ((), (72, 33)),
    ((), (72, 33)),
    ((), (64,)),
    ((), (64,)),
    ((), (0, 72, 72, 105)),
    ((72, 33), ()),
    ((22,), (72, 33)),
)
_BITS = 0x170331DB


class Blocks:
    """A chain of such blocks, one at a time. Seeded."""

    def __init__(self, transactions: int, seed: int = 7) -> None:
        self._chance = random.Random(seed)
        self._transactions = transactions
        self._height = 800_000
        self._parent = self._chance.randbytes(32).hex()

    def next(self, ours: tuple[str, ...] = ()) -> tuple[int, str, bytes]:
        """The next block, which pays those scripts: its height, hash and JSON."""
        self._height += 1
        made = [self._transaction(ours if number == 1 else ()) for number in range(self._transactions)]
        root = _root([txid for txid, _ in made])
        numbers = b"".join(n.to_bytes(4, "little") for n in (1_700_000_000 + self._height, _BITS, 12345))
        header = (0x20000000).to_bytes(4, "little") + bytes.fromhex(self._parent)[::-1] + root + numbers
        hash_ = _twice(header)[::-1].hex()
        content = (
            f'{{"hash":"{hash_}","confirmations":1,"height":{self._height},"version":536870912,"versionHex":"20000000",'
            f'"merkleroot":"{root[::-1].hex()}","time":{1_700_000_000 + self._height},"mediantime":{1_700_000_000},'
            f'"nonce":12345,"bits":"{_BITS:08x}","difficulty":88104191118793.18,"chainwork":"{"0" * 64}",'
            f'"nTx":{len(made)},"previousblockhash":"{self._parent}","strippedsize":900000,"size":1600000,"weight":3993000,'
            f'"tx":[{",".join(text for _, text in made)}]}}'
        )
        self._parent = hash_
        return self._height, hash_, content.encode()

    def _transaction(self, ours: tuple[str, ...]) -> tuple[bytes, str]:
        chance = self._chance
        inputs = [self._input() for _ in range(chance.choice((1, 1, 1, 1, 2, 2, 3, 7)))]
        outputs = [self._output(number) for number in range(chance.choice((1, 2, 2, 2, 2, 2, 3, 5)))]
        outputs += [_output(len(outputs) + number, 50_000, script) for number, script in enumerate(ours)]
        body = bytes([len(inputs)]) + b"".join(raw for raw, _, _ in inputs)
        body += bytes([len(outputs)]) + b"".join(raw for raw, _ in outputs)
        version, locktime = (2).to_bytes(4, "little"), (0).to_bytes(4, "little")
        witness = b"".join(raw for _, raw, _ in inputs)
        raw = version + b"\x00\x01" + body + witness + locktime
        txid = _twice(version + body + locktime)
        text = (
            f'{{"txid":"{txid[::-1].hex()}","hash":"{_twice(raw)[::-1].hex()}","version":2,"size":{len(raw)},'
            f'"vsize":{len(raw) * 2 // 3},"weight":{len(raw) * 8 // 3},"locktime":0,"vin":[{",".join(t for *_, t in inputs)}],'
            f'"vout":[{",".join(t for _, t in outputs)}],"fee":0.00002130,"hex":"{raw.hex()}"}}'
        )
        return txid, text

    def _input(self) -> tuple[bytes, bytes, str]:
        """Its bytes, its witness, its JSON. One in fifty carries an inscription of a few kilobytes."""
        chance = self._chance
        source, number = chance.randbytes(32), chance.randrange(4)
        pushed, sizes = chance.choice(_INPUTS) if chance.random() > 0.02 else ((), (64, 3_000, 33))
        pushes = [chance.randbytes(size) for size in pushed]
        items = [chance.randbytes(size) for size in sizes]
        script = b"".join(_size(len(push)) + push for push in pushes)
        raw = source + number.to_bytes(4, "little") + _size(len(script)) + script + b"\xfd\xff\xff\xff"
        witness = bytes([len(items)]) + b"".join(_size(len(item)) + item for item in items)
        told = f',"txinwitness":[{",".join(_quoted(item) for item in items)}]' if items else ""
        text = (
            f'{{"txid":"{source[::-1].hex()}","vout":{number},"scriptSig":{{"asm":"{" ".join(push.hex() for push in pushes)}",'
            f'"hex":"{script.hex()}"}}{told},"sequence":4294967293}}'
        )
        return raw, witness, text

    def _output(self, number: int) -> tuple[bytes, str]:
        chance = self._chance
        start = chance.choice(("0014", "0014", "5120"))
        script = start + chance.randbytes(int(start[2:], 16)).hex()
        return _output(number, chance.randrange(600, 10**9), script)


def _output(number: int, satoshis: int, script: str) -> tuple[bytes, str]:
    raw = satoshis.to_bytes(8, "little") + bytes([len(script) // 2]) + bytes.fromhex(script)
    address = f"bc1q{script[4:42]}"
    text = (
        f'{{"value":{satoshis // 10**8}.{satoshis % 10**8:08},"n":{number},"scriptPubKey":{{"asm":"0 {script[4:]}",'
        f'"desc":"addr({address})#k4rr5wcy","hex":"{script}","address":"{address}","type":"witness_v0_keyhash"}}}}'
    )
    return raw, text


def _quoted(raw: bytes) -> str:
    return f'"{raw.hex()}"'


def _size(number: int) -> bytes:
    return bytes([number]) if number < 0xFD else b"\xfd" + number.to_bytes(2, "little")


def _twice(raw: bytes) -> bytes:
    return sha256(sha256(raw).digest()).digest()


def _root(level: list[bytes]) -> bytes:
    while len(level) > 1:
        level = [_twice(level[at] + level[min(at + 1, len(level) - 1)]) for at in range(0, len(level), 2)]
    return level[0]
