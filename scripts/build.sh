#!/usr/bin/env bash
# Builds what is run, tested from outside, measured and shipped: the window's files, then the app that carries them and
# the command line, in the one release profile. Further arguments name what else to build beside it: demo-tenant, blank.
source "$(dirname "$0")/lib.sh"

ui_built=$tools/ui-built

main() {
    user_interface
    say "building the app"
    cargo build --release --locked --features custom-protocol -p graph-connect-desktop
    say "building the command line, which belongs beside it"
    cargo build --release --locked -p graph-connect
    for extra in "$@"; do
        case $extra in
        demo-tenant) cargo build --release --locked -p demo-tenant ;;
        blank) cargo build --release --locked --features custom-protocol -p graph-connect-desktop --example blank ;;
        *) fail "usage: build.sh [demo-tenant] [blank]" ;;
        esac
    done
}

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
