#!/usr/bin/env bash
# Makes src-tauri/model/src/permission_table.rs from the facts in src-tauri/model/permissions.csv and from Microsoft's list
# of the permissions that serve each method, src-tauri/model/permission-methods.csv. Names, IDs and levels, and for each
# method which permissions serve it, are those of permissions.json and permissions-descriptions.json in
# github.com/microsoftgraph/microsoft-graph-devx-content (read at 6cbd6bb), from which Microsoft's documentation is made; the
# column "page" names the page that shows the same list. The rule by which one permission covers another stands in
# examples/permission_table/covers.rs.
source "$(dirname "$0")/lib.sh"

model=src-tauri/model
made=$(mktemp)
trap 'rm -f "$made"' EXIT
cargo run --quiet --locked -p model --example permission_table "$model/permissions.csv" "$model/permission-methods.csv" >"$made"
cat "$made" >"$model/src/permission_table.rs"
