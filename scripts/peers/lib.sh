# Programs of others that this project is checked and measured against, each exactly as its list pins it, in target/peers.
# Sourced after lib.sh, not run. A list that changes has its program installed anew.
peers=$root/target/peers

# azure_cli: the Azure CLI of PyPI, about 1 GB.
azure_cli() {
    local list=scripts/peers/azure-cli.txt sum
    sum=$(stamp "$list")
    needs_rebuild "$peers/azure-cli/.installed" "$sum" || return 0
    say "installing the Azure CLI into target/peers (large)"
    rm -rf "$peers/azure-cli"
    python3 -m venv "$peers/azure-cli" &&
        "$peers/azure-cli/bin/pip" install -q --disable-pip-version-check --no-deps -r "$list" &&
        echo "$sum" >"$peers/azure-cli/.installed"
}

# m365: the CLI for Microsoft 365 of npm, about 400 MB. No package of it runs anything while it is installed.
m365() {
    local list=scripts/peers/m365 sum
    sum=$(stamp "$list/package.json" "$list/package-lock.json")
    needs_rebuild "$peers/m365/.installed" "$sum" || return 0
    say "installing the CLI for Microsoft 365 into target/peers (large)"
    rm -rf "$peers/m365" && mkdir -p "$peers/m365" && cp "$list"/package*.json "$peers/m365" &&
        npm ci --prefix "$peers/m365" --ignore-scripts --no-audit --no-fund --loglevel=error >&2 &&
        echo "$sum" >"$peers/m365/.installed"
}
