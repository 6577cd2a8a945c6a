#!/usr/bin/env bash
# Makes src-tauri/model/src/permission_table.rs from the facts in src-tauri/model/permissions.csv. Which permission covers
# which: only where Microsoft lists the higher one for every call that the lower one is for, in the permissions.json of
# github.com/microsoftgraph/microsoft-graph-devx-content (read at 6cbd6bb), from which its documentation is made.
source "$(dirname "$0")/lib.sh"

model=src-tauri/model
made=$(mktemp)
trap 'rm -f "$made"' EXIT
cargo run --quiet --locked -p model --example permission_table <"$model/permissions.csv" >"$made"
cat "$made" >"$model/src/permission_table.rs"
