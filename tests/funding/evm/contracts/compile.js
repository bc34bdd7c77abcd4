// Writes compiled.json anew: `npm install solc@0.8.37` somewhere, then `NODE_PATH=.../node_modules node compile.js`.
const fs = require("fs");
const path = require("path");
const solc = require("solc");

const source = fs.readFileSync(path.join(__dirname, "Tokens.sol"), "utf8");
const input = {
  language: "Solidity",
  sources: { "Tokens.sol": { content: source } },
  settings: {
    evmVersion: "paris",
    optimizer: { enabled: true },
    metadata: { bytecodeHash: "none" },
    outputSelection: { "*": { "*": ["evm.bytecode.object", "evm.methodIdentifiers"] } },
  },
};
const { contracts, errors } = JSON.parse(solc.compile(JSON.stringify(input)));
if (errors) console.error(errors.map((error) => error.formattedMessage).join("\n"));
const out = {};
for (const [name, { evm }] of Object.entries(contracts["Tokens.sol"]))
  out[name] = { code: "0x" + evm.bytecode.object, methods: evm.methodIdentifiers };
fs.writeFileSync(path.join(__dirname, "compiled.json"), JSON.stringify(out, null, 1) + "\n");
