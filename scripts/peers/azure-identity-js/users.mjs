// Microsoft's library for JavaScript in the program that `graph-connect exec` runs: reads the people of a tenant and prints
// their addresses, one a line. Its argument is Graph's address.
import { DefaultAzureCredential, ManagedIdentityCredential } from "@azure/identity";

const graph = process.argv[2];
const { token } = await new ManagedIdentityCredential().getToken(`${graph}/.default`);
const byDefault = await new DefaultAzureCredential().getToken(`${graph}/.default`);
if (byDefault.token !== token) throw new Error("DefaultAzureCredential took its token from elsewhere");
const answer = await fetch(`${graph}/v1.0/users`, { headers: { authorization: `Bearer ${token}` } });
if (!answer.ok) throw new Error(`Graph answered ${answer.status}: ${await answer.text()}`);
const people = await answer.json();
console.log(people.value.map((person) => person.userPrincipalName).join("\n"));
