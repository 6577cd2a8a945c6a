#!/usr/bin/env bash
# Checks what this project writes for other programs against those programs themselves. Not part of `make test`: the Azure
# CLI (PyPI, pinned in scripts/peers/azure-cli.txt) takes about 1 GB below target/ and minutes to install.
source "$(dirname "$0")/lib.sh"

source "$root/scripts/peers/lib.sh"

# cloud_shell: every script for Azure Cloud Shell through az's own parser. Telemetry and its own folder are kept apart.
cloud_shell() {
    local scripts=$peers/cloud-shell
    rm -rf "$scripts" && mkdir -p "$scripts"
    cargo run --quiet --locked -p entra --example cloud_shell "$scripts"
    AZURE_CORE_COLLECT_TELEMETRY=no AZURE_CONFIG_DIR=$peers/azure-config \
        "$peers/azure-cli/bin/python" scripts/peers/azure_cli.py "$scripts" src-tauri/entra/src/cloud_shell/az.sh
}

azure_cli
say "scripts for Azure Cloud Shell against $("$peers/azure-cli/bin/pip" list --disable-pip-version-check 2>/dev/null | awk '$1 == "azure-cli" { print $1, $2 }')"
cloud_shell
