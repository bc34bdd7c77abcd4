"""What the address forms of all coins give back. Pure."""

from dataclasses import dataclass


class Bad(Exception):
    """No address of this coin that can be paid. The text is the sentence for the customer, and never repeats what was
    typed: it may be a private key."""


class OtherNetwork(Bad):
    """A right address, of another network than the one that is paid on."""


@dataclass(frozen=True, slots=True)
class Decoded:
    """An address in its one normal form; `key` is what funding.models.Address.key would call it: the output script in hex
    on Bitcoin, "0x" and twenty bytes in small hexadecimal elsewhere."""

    address: str
    key: str
    warning: str = ""
