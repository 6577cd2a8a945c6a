#!/usr/bin/env bash
# macos.sh: type-checks and lints the programs for macOS on Linux, with the C in them compiled. Nothing is linked, which
# wants Apple's own libraries, and nothing can be run here. What it needs it installs.
# macos.sh tools: installs it and no more.
# macos.sh test: the same check, which ends with 77 where what it needs cannot be installed.
source "$(dirname "$0")/lib.sh"
target=aarch64-apple-darwin
built=$root/target/macos
source "$root/scripts/foreign-rust.sh"

main() {
    if [ "${1:-}" != test ]; then
        tools
    elif ! "$0" tools; then
        # A machine that cannot have the tools has not checked anything.
        say "NOT CHECKED: what type-checks for macOS cannot be installed here"
        exit 77
    fi
    case ${1:-} in
    '' | test) check ;;
    tools) ;;
    *) fail "usage: macos.sh [tools|test]" ;;
    esac
}

tools() {
    "$root/scripts/setup.sh" run
    "$root/scripts/setup.sh" macos
    install_foreign_rust
}

check() {
    # The oldest macOS that the bundle names, here said to the C compiler.
    MACOSX_DEPLOYMENT_TARGET=$(sed -n 's/.*"minimumSystemVersion": "\(.*\)".*/\1/p' tauri.conf.json)
    export MACOSX_DEPLOYMENT_TARGET CC_aarch64_apple_darwin=$root/scripts/macos/cc.sh
    # Apple's tool that finds its headers is not there, and need not be looked for.
    export SDKROOT=$built ZIG_GLOBAL_CACHE_DIR=$built/zig CARGO_PROFILE_DEV_DEBUG=0
    # The desktop package carries the window's files and does not compile without the folder.
    mkdir -p "$built" ui/dist
    # Only a Mac reads them, and codesign more strictly than most.
    python3 -c 'import plistlib, sys; [plistlib.load(open(name, "rb")) for name in sys.argv[1:]]' src-tauri/macos/*.plist
    say "type-checking and linting for macOS ($target)"
    foreign_cargo clippy -p graph-connect-desktop -p graph-connect -- -D warnings
    say "type-checked for macOS; nothing was linked, nothing was run"
}

main "$@"
