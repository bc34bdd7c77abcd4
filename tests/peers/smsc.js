// An SMSC made of the npm package "smpp". Takes one bind; each line of standard input is a request to send, as JSON:
// {id, command, fields, udh}. Prints one line of JSON for each event: {port}, {bound}, {id, status}, {unbound}.
"use strict";

const readline = require("readline");
const smpp = require("smpp");

const [systemId, password] = process.argv.slice(2);
const say = (event) => process.stdout.write(JSON.stringify(event) + "\n");

const server = smpp.createServer((session) => {
  const bind = (pdu) => {
    const known = pdu.system_id === systemId && pdu.password === password;
    session.send(pdu.response({ command_status: known ? smpp.ESME_ROK : smpp.ESME_RINVPASWD }));
    if (!known) return;
    say({ bound: pdu.command });
    readline.createInterface({ input: process.stdin }).on("line", (line) => send(session, JSON.parse(line)));
  };
  session.on("bind_transceiver", bind);
  session.on("bind_receiver", bind);
  session.on("enquire_link", (pdu) => session.send(pdu.response()));
  session.on("unbind", (pdu) => {
    session.send(pdu.response());
    say({ unbound: true });
  });
  session.on("error", () => session.close());
});

function send(session, { id, command, fields, udh }) {
  if (udh) fields.short_message = { udh: Buffer.from(udh), message: fields.short_message };
  session[command](fields, (answer) => say({ id, status: answer.command_status, command: answer.command }));
}

server.listen(0, "127.0.0.1", () => say({ port: server.address().port }));
