"""Microsoft's libraries for Python as judges: one gets a token in its own way and then reads Graph with it.

Arguments: which credential, Graph's address, and what to read. Prints the token, its claims and the answer as JSON. The
certificates are verified against REQUESTS_CA_BUNDLE by `requests`, which both libraries use.
"""

import base64
import json
import sys

import requests


def azure_identity(name, **options):
    import azure.identity

    credential = getattr(azure.identity, name)(**options)
    return lambda graph: credential.get_token(f"{graph}/.default").token


def msal_managed_identity(graph):
    import msal

    client = msal.ManagedIdentityClient(msal.SystemAssignedManagedIdentity(), http_client=requests.Session())
    answer = client.acquire_token_for_client(resource=graph)
    return answer.get("access_token") or sys.exit(json.dumps(answer))


JUDGES = {
    "azure-cli": lambda: azure_identity("AzureCliCredential"),
    "default": lambda: azure_identity("DefaultAzureCredential"),
    # The discovery of instances asks Microsoft's global cloud about hosts that it cannot know.
    "default-elsewhere": lambda: azure_identity("DefaultAzureCredential", disable_instance_discovery=True),
    "environment": lambda: azure_identity("EnvironmentCredential", disable_instance_discovery=True),
    "managed-identity": lambda: azure_identity("ManagedIdentityCredential"),
    "msal": lambda: msal_managed_identity,
}

judge, graph, path = sys.argv[1:]
token = JUDGES[judge]()(graph)
payload = token.split(".")[1]
claims = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
answer = requests.get(f"{graph}/v1.0/{path}", headers={"Authorization": f"Bearer {token}"}, timeout=30)
answer.raise_for_status()
print(json.dumps({"token": token, "claims": claims, "answer": answer.json()}))
