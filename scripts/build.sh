#!/usr/bin/env bash
# build.sh --user-interface: builds the window's files.
# build.sh [--shipped] [demo-tenant] [blank]: builds the window's files, then the app that carries them and the command line
# beside it, and what else is named. What is run and tested is in target/release; with --shipped it is laid out as a whole,
# which takes twice as long, in target/dist: what packages carry and what is measured.
source "$(dirname "$0")/lib.sh"

ui_built=$tools/ui-built

main() {
    local profile=release
    if [ "${1:-}" = --user-interface ]; then user_interface && return; fi
    if [ "${1:-}" = --shipped ]; then profile=dist && shift; fi
    user_interface
    say "building the app and the command line (profile $profile)"
    # In one call, so that what both use is built once.
    build -p graph-connect-desktop -p graph-connect --features graph-connect-desktop/custom-protocol
    for extra in "$@"; do
        case $extra in
        demo-tenant) build -p demo-tenant ;;
        blank) build -p graph-connect-desktop --features custom-protocol --example blank ;;
        *) fail "usage: build.sh [--shipped] [demo-tenant] [blank]" ;;
        esac
    done
}

build() { cargo build --profile "$profile" --locked "$@"; }

# Only when a file of it changed: new files in ui/dist make the app's last step run again.
user_interface() {
    local sum
    sum=$(find ui THIRD-PARTY-NOTICES.txt \( -name node_modules -o -name dist -o -name coverage \) -prune -o -type f -print0 |
        LC_ALL=C sort -z | xargs -0 sha256sum | sha256sum | cut -d' ' -f1)
    if [ -f ui/dist/index.html ] && ! needs_rebuild "$ui_built" "$sum"; then return 0; fi
    say "building the user interface"
    npm run build --prefix ui --silent -- --logLevel warn >&2 || fail "the user interface does not build"
    mkdir -p "$tools" && echo "$sum" >"$ui_built"
}

main "$@"
