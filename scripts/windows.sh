#!/usr/bin/env bash
# windows.sh: builds the programs for Windows on Linux, and their installer, and tries it under Wine. What it needs it
# installs. The window cannot be looked at here: WebView2 runs on Windows alone.
# windows.sh tools: installs them and no more.
# windows.sh test: runs the tests of the crates as Windows programs under Wine, and type-checks the desktop program.
source "$(dirname "$0")/lib.sh"
target=x86_64-pc-windows-gnu
built=$root/target/windows
source "$root/scripts/foreign-rust.sh"

# The crates whose tests run under Wine.
tested=(model entra keychain connections graph-connect)

main() {
    if [ "${1:-}" != test ]; then
        tools
    elif ! "$0" tools; then
        # A machine that cannot have the tools has not checked anything.
        say "NOT CHECKED: what builds for Windows cannot be installed here"
        exit 77
    fi
    case ${1:-} in
    '')
        programs
        installer
        "$root/scripts/windows/installer-test.sh"
        ;;
    tools) ;;
    test) run_tests ;;
    *) fail "usage: windows.sh [test|tools]" ;;
    esac
}

# What setup.sh does not install by itself, because only these steps need it.
tools() {
    "$root/scripts/setup.sh" run
    "$root/scripts/setup.sh" windows
    install_foreign_rust
}

programs() {
    "$root/scripts/build.sh" --user-interface
    say "building the programs for Windows"
    foreign_cargo build --release -p graph-connect-desktop -p graph-connect --features graph-connect-desktop/custom-protocol
    # The loader finds the WebView2 of the machine; the crate that brings it leaves it among its build files.
    local loader
    loader=$(find "$built/$target/release/build" -path '*/x64/WebView2Loader.dll' -printf '%T@ %p\n' | sort -n | tail -n 1 | cut -d' ' -f2-)
    [ -n "$loader" ] || fail "WebView2Loader.dll was not built"
    install -m 644 "$loader" "$built/$target/release/WebView2Loader.dll"
}

installer() {
    say "making the installer"
    local version
    version=$(version)
    "$root/scripts/windows/installer.sh" "$version" "$built/$target/release" "$built/graph-connect-$version-setup.exe"
    ls -l "$built/$target/release/"graph-connect*.exe "$built/$target/release/WebView2Loader.dll" >&2
    echo "$built/graph-connect-$version-setup.exe"
}

run_tests() {
    export CARGO_PROFILE_DEV_DEBUG=0
    local packages=()
    for name in "${tested[@]}"; do packages+=(-p "$name"); done
    foreign_cargo check -p graph-connect-desktop
    foreign_cargo test "${packages[@]}" --no-fail-fast
}

main "$@"
