#!/usr/bin/env bash
# Measures the release build against a blank window built beside it, interleaved, on a private desktop; then a check
# against late answers. What misses what is allowed makes it fail, after everything is measured.
source "$(dirname "$0")/lib.sh"

"$root/scripts/setup.sh"
"$root/scripts/build.sh" blank
cargo build --locked -p e2e --example bench
cargo build --release --locked -p e2e --example check
result=0
target/debug/examples/bench "$@" || result=1
"$root/scripts/desktop.sh" --private target/release/examples/check "$@" || result=1
exit "$result"
