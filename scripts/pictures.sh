#!/usr/bin/env bash
# Takes the pictures in docs/pictures from the real window, light and dark, on a private desktop.
source "$(dirname "$0")/lib.sh"

"$root/scripts/setup.sh"
"$root/scripts/build.sh"
cargo build --locked -p e2e --example pictures
exec target/debug/examples/pictures docs/pictures
