// A Bitcoin node made of the npm package "bcoin", on regtest, in memory, and a shim before it that answers as Bitcoin Core
// does: bcoin's getblock wants (hash, true, true) and leaves out nTx, nonce and the transactions' bytes. Each line of
// standard input is a command, as JSON: {id, command, ...}. Prints {port}, then one line {id, result} for each command.
"use strict";

process.env.NODE_BACKEND = "js";
const http = require("http");
const readline = require("readline");
const { Coin, FullNode, KeyRing, MTX, Script, TX } = require("bcoin");

const FEE = 10000;
const ring = KeyRing.fromPrivate(Buffer.alloc(32, 7), true);
const node = new FullNode({ network: "regtest", memory: true, workers: false, listen: false, "log-level": "none",
  "http-port": 0, "index-tx": true, "index-address": true });
let coins = [];

// Its own form of an id: the octets in the other order.
const inner = (txid) => Buffer.from(txid, "hex").reverse().toString("hex");

// --- as Core ---

async function getblock(params) {
  if (params[1] !== 2) return node.rpc.execute({ method: "getblock", params });
  const json = await node.rpc.execute({ method: "getblock", params: [params[0], true, true] });
  const entry = await node.chain.getEntry(json.height);
  const block = await node.chain.getBlock(entry.hash);
  json.tx.forEach((tx, at) => (tx.hex = block.txs[at].toRaw().toString("hex")));
  if (json.previousblockhash === null) delete json.previousblockhash;
  return { ...json, nTx: block.txs.length, nonce: entry.nonce, bits: entry.bits.toString(16).padStart(8, "0") };
}

// bcoin has no such call; its index of addresses knows.
async function scantxoutset([action, descriptors]) {
  const unspents = [];
  for (const raw of descriptors) {
    const script = Script.fromRaw(/^raw\(([0-9a-f]+)\)$/.exec(raw)[1], "hex");
    for (const coin of await node.chain.getCoinsByAddress([script.getAddress()]))
      unspents.push({ txid: coin.rhash(), vout: coin.index, amount: coin.value / 1e8, height: coin.height,
        scriptPubKey: coin.script.toRaw().toString("hex"), coinbase: coin.coinbase });
  }
  return { success: true, unspents, height: node.chain.height, bestblock: node.chain.tip.rhash() };
}

// bcoin answers before it has looked at the transaction; Core answers with what its mempool said.
async function sendrawtransaction([hex]) {
  const tx = TX.fromRaw(hex, "hex");
  let missing;
  try {
    missing = await node.mempool.addTX(tx);
  } catch (error) {
    throw Object.assign(new Error(error.reason || error.message), { code: -26 });
  }
  if (missing) throw Object.assign(new Error("bad-txns-inputs-missingorspent"), { code: -25 });
  return tx.txid();
}

const shims = {
  getblock, scantxoutset, sendrawtransaction,
  // Core: null also for what the mempool spends.
  gettxout: async ([txid, n, pool]) =>
    pool && node.mempool.isSpent(inner(txid), n) ? null
      : node.rpc.execute({ method: "gettxout", params: [txid, n, pool] }),
  getrawtransaction: async ([txid, verbose]) => node.rpc.execute({ method: "getrawtransaction", params: [txid, verbose] }),
  getmempoolinfo: async () => {
    const info = await node.rpc.execute({ method: "getmempoolinfo", params: [] });
    return { ...info, minrelaytxfee: info.mempoolminfee };
  },
  estimatesmartfee: async ([blocks]) => ({ blocks, errors: ["Insufficient data or no feerate found"] }),
  getmempoolentry: async ([txid]) => {
    if (!node.mempool.has(inner(txid)))
      throw Object.assign(new Error("Transaction not in mempool"), { code: -5 });
    return node.rpc.execute({ method: "getmempoolentry", params: [txid] });
  },
};

async function answer({ id, method, params }) {
  try {
    const result = await (shims[method] ? shims[method](params) : node.rpc.execute({ method, params }));
    return { result, error: null, id };
  } catch (error) {
    return { result: null, error: { code: error.code || -1, message: error.message }, id };
  }
}

async function serve(asked) {
  if (!Array.isArray(asked)) return answer(asked);
  const answers = [];
  for (const each of asked) answers.push(await answer(each));
  return answers;
}

const server = http.createServer((request, response) => {
  const parts = [];
  request.on("data", (part) => parts.push(part));
  request.on("end", async () => {
    const told = await serve(JSON.parse(Buffer.concat(parts)));
    response.writeHead(told.error ? 500 : 200, { "content-type": "application/json" });
    response.end(JSON.stringify(told));
  });
});

// --- what a test wants of it ---

async function grow(tip) {
  const block = await node.miner.mineBlock(tip, ring.getAddress());
  const entry = await node.chain.add(block);
  const reward = block.txs[0];
  coins.push(Coin.fromTX(reward, 0, entry.height));
  return entry;
}

async function mine({ count }) {
  for (let n = 0; n < count; n++) await grow(node.chain.tip);
  return node.chain.tip.rhash();
}

// One empty block more than it takes away, on the one below. What those held and what waited is sent again, as its senders'
// wallets would: bcoin's mempool loses what a fork gives back.
async function fork({ depth = 1 }) {
  const sent = node.mempool.getHistory();
  let below = node.chain.tip;
  for (let n = 0; n < depth; n++) {
    sent.unshift(...(await node.chain.getBlock(below.hash)).txs.slice(1));
    below = await node.chain.getPrevious(below);
  }
  coins = coins.filter((coin) => coin.height <= below.height);
  await node.mempool.reset();
  for (let n = 0; n <= depth; n++) below = await grow(below);
  for (const tx of sent) await node.sendTX(tx);
  return node.chain.tip.rhash();
}

async function spend(coin, outputs, fee) {
  const tx = new MTX();
  tx.addCoin(coin);
  for (const [script, value] of outputs) tx.addOutput(Script.fromRaw(script, "hex"), value);
  const paid = outputs.reduce((sum, [, value]) => sum + value, 0);
  tx.addOutput(ring.getAddress(), coin.value - paid - fee);
  tx.sign(ring);
  await node.sendTX(tx.toTX());
  if (!node.mempool.has(tx.hash("hex"))) throw new Error("not taken into the mempool");
  return tx.txid();
}

async function pay({ outputs }) {
  return spend(coins.shift(), outputs, FEE);
}

// The coins of a waiting payment go elsewhere, at a higher fee. bcoin's mempool keeps what came first, Core's takes what pays
// more (BIP 125): so the first is taken out before.
async function replace({ tx, outputs }) {
  const entry = node.mempool.getEntry(inner(tx));
  const { prevout } = entry.tx.inputs[0];
  node.mempool.evictEntry(entry);
  return spend(await node.chain.getCoin(prevout.hash, prevout.index), outputs, 3 * FEE);
}

// What the chain holds for a script: [txid, number, value, block] of every output.
async function outputs({ scripts }) {
  const found = [];
  for (let entry = node.chain.tip; entry; entry = await node.chain.getPrevious(entry))
    for (const tx of (await node.chain.getBlock(entry.hash)).txs)
      tx.outputs.forEach((output, number) => {
        if (scripts.includes(output.script.toRaw().toString("hex")))
          found.push([tx.txid(), number, output.value, entry.rhash()]);
      });
  return found;
}

async function waiting() {
  return node.mempool.getHistory().map((tx) => tx.txid());
}

const commands = { mine, fork, pay, replace, outputs, waiting };

(async () => {
  await node.open();
  await mine({ count: 105 });
  readline.createInterface({ input: process.stdin }).on("line", async (line) => {
    const asked = JSON.parse(line);
    let told;
    try {
      told = { id: asked.id, result: await commands[asked.command](asked) };
    } catch (error) {
      told = { id: asked.id, error: String(error) };
    }
    process.stdout.write(JSON.stringify(told) + "\n");
  });
  server.listen(0, "127.0.0.1", () => process.stdout.write(JSON.stringify({ port: server.address().port }) + "\n"));
})();
