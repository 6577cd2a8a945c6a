#!/usr/bin/env bash
# Measures the release build against a blank window built beside it, interleaved, on a private desktop.
source "$(dirname "$0")/lib.sh"

"$root/scripts/setup.sh"
"$root/scripts/build.sh" blank
cargo build --locked -p e2e --example bench
exec target/debug/examples/bench "$@"
