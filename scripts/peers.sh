#!/usr/bin/env bash
# Checks what this project offers to other programs against those programs themselves: scripts for Azure Cloud Shell against
# the Azure CLI, and tokens for scripts against Microsoft's SDKs. Not part of `make test`: the Azure CLI takes about 1 GB
# below target/, the SDK for Graph half of that, and both take minutes to install. Goes on after a failure, and ends with it.
source "$(dirname "$0")/lib.sh"
source "$root/scripts/peers/lib.sh"

failed=

# cloud_shell: every script for Azure Cloud Shell through az's own parser. Telemetry and its own folder are kept apart.
cloud_shell() {
    local scripts=$peers/cloud-shell
    azure_cli || return
    say "scripts for Azure Cloud Shell against $(version azure-cli azure-cli)"
    rm -rf "$scripts" && mkdir -p "$scripts"
    cargo run --quiet --locked -p entra --example cloud_shell "$scripts" &&
        AZURE_CORE_COLLECT_TELEMETRY=no AZURE_CONFIG_DIR=$peers/azure-config \
            "$peers/azure-cli/bin/python" scripts/peers/azure_cli.py "$scripts" src-tauri/entra/src/cloud_shell/az.sh
}

# tokens: the people of the demo tenant, read over TLS by programs that `graph-connect exec` runs.
tokens() {
    local python js=$peers/azure-identity-js
    msgraph_sdk && azure_identity_js || return
    python=$(version msgraph-sdk msgraph-sdk)
    say "tokens from exec against $python and $(js_version "$js")"
    cp scripts/peers/azure-identity-js/users.mjs "$js" &&
        cargo build --quiet --locked -p graph-connect --bin graph-connect --example peers &&
        scripts/desktop.sh --private target/debug/examples/peers \
            "$python" "$peers/msgraph-sdk/bin/python" scripts/peers/msgraph_sdk.py \
            --next "$(js_version "$js")" node "$js/users.mjs"
}

# mcp_servers: programs that read variables of their own and have Microsoft's hosts built in. Nothing of theirs is changed: in
# a network of its own, those names lead to the demo tenant, whose authority they are told to trust.
mcp_servers() {
    local at=$peers/mcp/node_modules
    if ! scripts/peers/as_microsoft.sh true; then
        say "NOT CHECKED: this system lets nobody make a network of their own (unprivileged user namespaces)"
        return 0
    fi
    mcp || return
    say "exec --set against @merill/lokka $(npm_version "$at/@merill/lokka") and @softeria/ms-365-mcp-server $(npm_version "$at/@softeria/ms-365-mcp-server")"
    cp scripts/peers/mcp/organization.mjs "$peers/mcp" &&
        cargo build --quiet --locked -p graph-connect --bin graph-connect --example mcp_peers &&
        scripts/peers/as_microsoft.sh scripts/desktop.sh --private target/debug/examples/mcp_peers \
            "$peers/mcp/organization.mjs" "$at/@merill/lokka/build/main.js" "$at/@softeria/ms-365-mcp-server/dist/index.js"
}

npm_version() { node -p 'require(process.argv[1]).version' "$1/package.json"; }

js_version() { node -p '"@azure/identity " + require(process.argv[1]).version' "$1/node_modules/@azure/identity/package.json"; }

cloud_shell || failed=1
tokens || failed=1
mcp_servers || failed=1
[ -z "$failed" ] || fail "not every peer was content"
say "every peer was content"
