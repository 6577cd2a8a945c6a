#!/usr/bin/env bash
# Acts out every failure in the real window and writes docs/FAILURES.md from what the window said.
source "$(dirname "$0")/lib.sh"

"$root/scripts/setup.sh"
"$root/scripts/build.sh"
GRAPH_CONNECT_FAILURES=write cargo test --locked -p e2e --test failures
cargo run --quiet --locked -p e2e --example failures
say "docs/FAILURES.md is written"
