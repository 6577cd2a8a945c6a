"""Microsoft's azure-identity as a judge: prints the token that a credential of its gets, and when it expires."""

import sys

from azure.identity import AzureCliCredential, ManagedIdentityCredential

credential = {"managed-identity": ManagedIdentityCredential, "azure-cli": AzureCliCredential}[sys.argv[1]]()
token = credential.get_token(sys.argv[2])
print(token.token)
print(token.expires_on)
