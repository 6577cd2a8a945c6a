#!/usr/bin/env bash
# bench.sh [RUNS]: measures what is shipped against a blank window built beside it, interleaved, on a private desktop, and
# the sizes of both; then a check against late answers; then the command line against programs of others. What misses what
# is allowed, or could not be measured, makes it fail, after everything else is measured.
source "$(dirname "$0")/lib.sh"
source "$root/scripts/peers/lib.sh"

"$root/scripts/setup.sh"
"$root/scripts/build.sh" --shipped blank
cargo build --locked -p e2e --example bench
cargo build --release --locked -p e2e --example check --example command_line
# What cannot be installed is reported below as not measured.
azure_cli || say "the Azure CLI could not be installed"
m365 || say "the CLI for Microsoft 365 could not be installed"
export GRAPH_CONNECT_APP=$root/target/dist/graph-connect-desktop
result=0
"$root/scripts/sizes.sh" || result=1
target/debug/examples/bench "$@" || result=1
"$root/scripts/desktop.sh" --private target/release/examples/check "$@" || result=1
"$root/scripts/desktop.sh" --private target/release/examples/command_line "$@" || result=1
exit "$result"
