"""Microsoft's SDK for Graph in the program that `graph-connect exec` runs: reads the people of a tenant and prints their
addresses, one a line. Its argument is Graph's address, which here is not one that the SDK knows.
"""

import asyncio
import sys
from urllib.parse import urlsplit

from azure.identity.aio import ManagedIdentityCredential
from kiota_authentication_azure.azure_identity_authentication_provider import AzureIdentityAuthenticationProvider
from msgraph import GraphRequestAdapter, GraphServiceClient


async def main(graph: str) -> None:
    async with ManagedIdentityCredential() as credential:
        provider = AzureIdentityAuthenticationProvider(
            credential, scopes=[f"{graph}/.default"], allowed_hosts=[urlsplit(graph).hostname]
        )
        adapter = GraphRequestAdapter(provider)
        adapter.base_url = f"{graph}/v1.0"
        people = await GraphServiceClient(request_adapter=adapter).users.get()
        print("\n".join(person.user_principal_name for person in people.value))


asyncio.run(main(sys.argv[1]))
