# What every script shares: the root of the checkout, tools installed by setup, and one voice. Sourced, not run.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
tools=$root/target/tools
cd "$root"
export PATH="$tools/bin:$PATH:$HOME/.cargo/bin"

say() { printf '==> %s\n' "$*" >&2; }
fail() { printf 'error: %s\n' "$*" >&2; exit 1; }

# at_least WANTED FOUND: whether version FOUND is WANTED or newer.
at_least() { [ "$(printf '%s\n%s\n' "$1" "$2" | sort -V | head -n1)" = "$1" ]; }

# stamp FILE…: one checksum over the contents of the files; the same as long as none of them changes.
stamp() { cat "$@" | sha256sum | cut -d' ' -f1; }

# needs_rebuild STAMPFILE CHECKSUM: whether the step recorded in STAMPFILE was done for something else, or never.
needs_rebuild() { [ "$(cat "$1" 2>/dev/null || true)" != "$2" ]; }

# notices_stamp: what THIRD-PARTY-NOTICES.txt has to be made from, as its third line says what it was made from.
notices_stamp() { stamp Cargo.lock ui/package-lock.json about.toml scripts/notices.sh scripts/notices/*; }

# What Graph Connect is called by whoever lists programs, each from its one home: the installer for Windows, winget, Homebrew
# and the packages say the same.
version() { sed -n 's/^version = "\(.*\)"/\1/p' Cargo.toml; }
product_name() { sed -n 's/^  "productName": "\(.*\)",/\1/p' tauri.conf.json; }
# The one product code, which no other version and no other edition may have.
product_code() { sed -n 's/^  "identifier": "\(.*\)",/\1/p' tauri.conf.json; }
publisher() { sed -n 's/^authors = \["\(.*\) <.*"\]/\1/p' Cargo.toml; }
summary() { sed -n 's/^    "shortDescription": "\(.*\)",/\1/p' tauri.conf.json; }
homepage() { sed -n 's/^homepage = "\(.*\)"/\1/p' Cargo.toml; }
