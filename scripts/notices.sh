#!/usr/bin/env bash
# Writes THIRD-PARTY-NOTICES.txt: the licences of what the packages carry of others, each text once. The crates come from
# cargo-about, what is in the window from Vite, which built it, and what brings no text of its own from scripts/notices/.
# To be run when Cargo.lock or ui/package-lock.json has changed; scripts/test.sh says so.
source "$(dirname "$0")/lib.sh"

cargo_about=0.9.3
found=$root/target/notices

"$root/scripts/setup.sh" run
if [ "$(cargo-about --version 2>/dev/null)" != "cargo-about $cargo_about" ]; then
    say "installing cargo-about $cargo_about into target/tools (minutes)"
    cargo install -q cargo-about --locked --version "$cargo_about" --features cli --root "$tools" ||
        fail "cargo-about $cargo_about could not be installed"
fi
rm -rf "$found" && mkdir -p "$found"
say "reading the licences of the crates (minutes)"
cargo about generate --workspace --locked --fail --format json --config about.toml --output-file "$found/crates.json"
# What is in the two programs: neither what only builds or tests them, nor macros.
cargo tree --locked --edges normal,no-proc-macro --target x86_64-unknown-linux-gnu --prefix none --format '{p}' \
    -p graph-connect -p graph-connect-desktop --features graph-connect-desktop/custom-protocol >"$found/shipped.txt"
say "reading the licences of what is in the window"
(cd ui && npm exec -- vite build --mode notices --outDir ../target/notices/ui --emptyOutDir --logLevel error)
node scripts/notices/write.mjs "$(notices_stamp)" "$found" >"$found/notices.txt"
cat "$found/notices.txt" >THIRD-PARTY-NOTICES.txt
say "THIRD-PARTY-NOTICES.txt is written"
