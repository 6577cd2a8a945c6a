"""Asks the demo tenant for tokens with Microsoft's own library and prints what came of it as JSON.

    msal_client.py client_credentials AUTHORITY GRAPH CLIENT_ID SECRET
    msal_client.py auth_code AUTHORITY GRAPH CLIENT_ID ADDRESS PASSWORD
"""

import html.parser
import json
import sys
import urllib.parse

import msal
import requests


class Page(html.parser.HTMLParser):
    """The one form of a page: where it goes and what it carries unseen."""

    def __init__(self, text):
        super().__init__()
        self.action, self.hidden, self.heading, self._in_heading = None, {}, "", False
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        if tag == "form":
            assert attributes["method"].upper() == "POST"
            self.action = attributes["action"]
        elif tag == "input" and attributes.get("type") == "hidden":
            self.hidden[attributes["name"]] = attributes["value"]
        self._in_heading = tag == "h1"

    def handle_data(self, data):
        if self._in_heading:
            self.heading += data


def client_credentials(authority, graph, client_id, secret):
    app = msal.ConfidentialClientApplication(
        client_id, client_credential=secret, authority=authority, instance_discovery=False
    )
    return app.acquire_token_for_client(scopes=[graph + "/.default"])


def auth_code(authority, graph, client_id, address, password):
    app = msal.PublicClientApplication(client_id, authority=authority, instance_discovery=False)
    flow = app.initiate_auth_code_flow(
        scopes=[graph + "/User.Read"],
        redirect_uri="http://localhost:53412",
        prompt="select_account",
        response_mode="form_post",
    )
    fields = go_through_the_pages(flow["auth_uri"], address, password)
    tokens = app.acquire_token_by_auth_code_flow(flow, fields)
    if "error" in tokens:
        return tokens
    me = requests.get(graph + "/v1.0/me", headers={"Authorization": "Bearer " + tokens["access_token"]})
    account = app.get_accounts()[0]
    again = app.acquire_token_silent_with_error([graph + "/User.Read"], account, force_refresh=True)
    return {
        "claims": tokens["id_token_claims"],
        "username": account["username"],
        "graph_me": me.json(),
        "refreshed": again.get("token_type", again),
        "different": again.get("access_token") != tokens["access_token"],
    }


def go_through_the_pages(uri, address, password):
    answers = {
        "Pick an account": {"account": address},
        "Enter password": {"password": password},
        "Permissions requested": {"decision": "accept"},
    }
    response = requests.get(uri)
    while True:
        page = Page(response.text)
        if page.action == "http://localhost:53412":
            return page.hidden
        target = urllib.parse.urljoin(response.url, page.action)
        response = requests.post(target, data={**page.hidden, **answers.pop(page.heading)})


if __name__ == "__main__":
    what = {"client_credentials": client_credentials, "auth_code": auth_code}[sys.argv[1]]
    json.dump(what(*sys.argv[2:]), sys.stdout)
