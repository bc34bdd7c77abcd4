// A Bitcoin node made of the npm package "bcoin", on regtest, in memory, and a shim before it that answers as Bitcoin Core
// does: bcoin's getblock wants (hash, true, true) and leaves out nTx, nonce and the transactions' bytes. Each line of
// standard input is a command, as JSON: {id, command, ...}. Prints {port}, then one line {id, result} for each command.
"use strict";

process.env.NODE_BACKEND = "js";
const http = require("http");
const readline = require("readline");
const { Coin, FullNode, KeyRing, MTX, Script } = require("bcoin");

const FEE = 10000;
const ring = KeyRing.fromPrivate(Buffer.alloc(32, 7), true);
const node = new FullNode({ network: "regtest", memory: true, workers: false, listen: false, "log-level": "none",
  "http-port": 0 });
const coins = [];

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

async function answer({ id, method, params }) {
  try {
    const result = method === "getblock" ? await getblock(params) : await node.rpc.execute({ method, params });
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

// Two blocks on the one below the tip. What the tip held is sent again, as its sender's wallet would: bcoin's mempool loses
// what a fork gives back.
async function fork() {
  const gone = await node.chain.getBlock(node.chain.tip.hash);
  await grow(await grow(await node.chain.getPrevious(node.chain.tip)));
  for (const tx of gone.txs.slice(1)) await node.sendTX(tx);
  return node.chain.tip.rhash();
}

async function pay({ outputs }) {
  const coin = coins.shift();
  const tx = new MTX();
  tx.addCoin(coin);
  for (const [script, value] of outputs) tx.addOutput(Script.fromRaw(script, "hex"), value);
  const paid = outputs.reduce((sum, [, value]) => sum + value, 0);
  tx.addOutput(ring.getAddress(), coin.value - paid - FEE);
  tx.sign(ring);
  await node.sendTX(tx.toTX());
  if (!node.mempool.has(tx.hash("hex"))) throw new Error("not taken into the mempool");
  return tx.txid();
}

const commands = { mine, fork, pay };

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
