# Programs of others that this project is checked and measured against, each exactly as its list pins it, in target/peers.
# Sourced after lib.sh, not run. A list that changes has its program installed anew.
peers=$root/target/peers

# azure_cli: the Azure CLI of PyPI, about 1 GB.
azure_cli() { from_pypi azure-cli; }

# msgraph_sdk: Microsoft's SDK for Graph of PyPI, about 500 MB.
msgraph_sdk() { from_pypi msgraph-sdk; }

# m365: the CLI for Microsoft 365 of npm, about 400 MB.
m365() { from_npm m365; }

# azure_identity_js: Microsoft's library for identities of npm.
azure_identity_js() { from_npm azure-identity-js; }

# mcp: the MCP servers Lokka and ms-365-mcp-server of npm.
mcp() { from_npm mcp; }

# from_pypi NAME: a virtual environment with what scripts/peers/NAME.txt lists.
from_pypi() {
    local name=$1 list=scripts/peers/$1.txt sum
    sum=$(stamp "$list")
    needs_rebuild "$peers/$name/.installed" "$sum" || return 0
    say "installing $name into target/peers (large)"
    rm -rf "${peers:?}/$name"
    python3 -m venv "$peers/$name" &&
        "$peers/$name/bin/pip" install -q --disable-pip-version-check --no-deps -r "$list" &&
        echo "$sum" >"$peers/$name/.installed"
}

# from_npm NAME: what the lock file in scripts/peers/NAME lists. No package runs anything while it is installed.
from_npm() {
    local name=$1 list=scripts/peers/$1 sum
    sum=$(stamp "$list/package.json" "$list/package-lock.json")
    needs_rebuild "$peers/$name/.installed" "$sum" || return 0
    say "installing $name into target/peers"
    rm -rf "${peers:?}/$name" && mkdir -p "$peers/$name" && cp "$list"/package*.json "$peers/$name" &&
        (cd "$peers/$name" && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error >&2) &&
        echo "$sum" >"$peers/$name/.installed"
}

# version NAME PACKAGE: of a package of Python in target/peers/NAME.
version() {
    "$peers/$1/bin/python" -c 'import sys; from importlib.metadata import version; print(sys.argv[1], version(sys.argv[1]))' "$2"
}
