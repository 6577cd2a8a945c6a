// An MCP client in miniature: starts the server that its arguments name, as clients do, calls one tool of it that reads
// /organization, and prints what it answered.
//
// usage: organization.mjs SERVER PROGRAM ARGUMENT…   (SERVER is lokka or ms365)
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js";

const CALLS = {
  lokka: { name: "Lokka-Microsoft", arguments: { apiType: "graph", path: "/organization", method: "get", graphApiVersion: "v1.0" } },
  ms365: { name: "graph-batch", arguments: { body: { requests: [{ id: "1", method: "GET", url: "/organization" }] } } },
};

const [server, command, ...args] = process.argv.slice(2);
const client = new Client({ name: "peers", version: "1.0.0" });
await client.connect(new StdioClientTransport({ command, args, env: process.env, stderr: "inherit" }));
const answer = await client.callTool(CALLS[server]);
console.log(answer.content.map(({ text }) => text).join("\n"));
await client.close();
process.exit(answer.isError ? 1 : 0);
