// Ready lines with which scripts use a connection without its secret.
import type { ConnectionDetail } from "../../backend";

export interface Recipe {
  /** Where the line is typed. */
  shell: string;
  line: string;
  note: string;
}

/** The lines for a connection, quoted for their shells so that any name is only a name. */
export function recipes(detail: ConnectionDetail): Recipe[] {
  const { name } = detail.row;
  const graph = detail.graph ?? "https://graph.microsoft.com";
  const posix = `'${name.replaceAll("'", String.raw`'\''`)}'`;
  const powershell = `'${name.replaceAll(/['‘’‚‛]/g, "$&$&")}'`;
  return [
    {
      shell: "bash",
      line: `graph-connect exec ${posix} -- ./report.sh`,
      note: "The program gets its tokens from an endpoint of its own, for as long as it runs.",
    },
    {
      shell: "PowerShell",
      line: `graph-connect exec ${powershell} -- pwsh -Command 'Connect-MgGraph -Identity; Get-MgOrganization'`,
      note: "Microsoft Graph PowerShell takes it for a managed identity.",
    },
    {
      shell: "Python",
      line: `graph-connect exec ${posix} -- python3 report.py`,
      note: "In report.py: azure.identity.ManagedIdentityCredential()",
    },
    {
      shell: "curl",
      line: `graph-connect token ${posix} --format header | curl --header @- ${graph}/v1.0/organization`,
      note: "One access token, which ends within about an hour.",
    },
  ];
}
