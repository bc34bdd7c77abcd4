"""The settings by which the demo's machine watches the fake chains. The extended public keys are of made-up wallets whose
private keys were thrown away: nothing paid to their addresses on a real chain could ever be spent.
"""

import json

NAME, PASSWORD = "fake", "only-a-fake"
ETHEREUM_ID, TRON_ID = 31337, 31338
# The first blocks of the fakes, which are no known network.
GENESIS = {
    "ethereum": "0x49c994e01f47236ea28bcd19f7b8101f547717852f08b2688fa9cf75c17bc721",
    "tron": "0xc8c603a15dbabfe771a07fe16ed38c1e5915752c29d047d1fa77fa8fb002f4bd",
}
USDT = "0xa614f803b6fd780986a42c78ec9c7f77e6ded13c"
_KEYCHAINS = {
    "btc_p2wpkh": {
        "xpub": "vpub5YFWhmAQS17ShAmgJMynpG2ckTiWMsqBoFCCCEfWGnTKNcVoDToAJFoA7CSKXzwLcUZ2RntasDRsqPhi4dii5izqJwYQxHTHzEp8arJdHkS",  # noqa: E501
        "first_address": "bcrt1qvzuenxx2qly7kw2q0ynvjkdrldll4kurfnnqs3",
    },
    "btc_p2tr": {
        "xpub": "tpubDCz1ZWj6fi1zNLL44gsHJs4aHQJsiawYCpmJCf8ipmDhoRdyqub4Y1erFC75BqsesUUjpBAgUpDPDQMZuBRN1UWPeTcKciRUAoJyYFb2euD",  # noqa: E501
        "first_address": "bcrt1pshhcydpqnky6jqlg7s8xz34c8q39fepa5qdfua7p4cv4njqp0qdsux2zwl",
    },
    "eth": {
        "xpub": "xpub6CTPoRL7oTjr9inemLoAWf5tMjQNSyujPxKwxjhj4UdQdHB5chzJFtNcGL2dk5fDygxssu6Uz6NKxfwmNAZrYysaiHvV6yyQRvR4nDB3wmh",  # noqa: E501
        "first_address": "0x34177191A09bcC34b3628c16364a67C2a9982619",
    },
    "tron": {
        "xpub": "xpub6CnP3sYpVeR6PQ99NCg1UiA5hphA75GVcX6KrnGMRNjDKvd5abhzowTGrMWkfCeaemRkPCBsBh5fVyeWXW65wLkLKCiA8wLbYUpXwp2bpnR",  # noqa: E501
        "first_address": "TCyKsrUdu7Wj4XcawiCnjvTf6rGYC5y4HD",
    },
}


def environment(
    bitcoin: int, ethereum: int, tron: int, rates: int, wallet: int, dev_node: str = ""
) -> dict[str, str]:
    """The settings, by the ports of the fakes; `dev_node`: the address of a development node in place of the fake one."""
    here = "http://127.0.0.1"
    first_block = {} if dev_node else {"genesis": GENESIS["ethereum"]}
    chains = {
        "bitcoin": {"url": f"http://{NAME}:{PASSWORD}@127.0.0.1:{bitcoin}", "network": "regtest"},
        "ethereum": {
            "url": dev_node or f"{here}:{ethereum}",
            "network": "fake",
            "chain_id": ETHEREUM_ID,
        }
        | first_block,
        "tron": {
            "url": f"{here}:{tron}",
            "network": "fake",
            "chain_id": TRON_ID,
            "genesis": GENESIS["tron"],
            "tokens": {"USDT-TRC20": USDT},
        },
    }
    exchanges = ("kraken", "coinbase", "bitstamp", "bitfinex", "cryptocom", "okx")
    sources = {name: {"url": f"{here}:{rates}"} for name in exchanges}
    return {
        "ACTIVKODE_CHAINS": json.dumps(chains),
        "ACTIVKODE_KEYCHAINS": json.dumps(_KEYCHAINS),
        "ACTIVKODE_RATE_SOURCES": json.dumps(sources),
        "ACTIVKODE_DEMO_PAY_URL": f"{here}:{wallet}/pay",
    }
