#!/usr/bin/env bash
# Sets up, builds and opens Graph Connect on a pretend tenant of its own, so that all of it can be tried without a
# Microsoft account. Connections made here live in target/demo and survive a restart; they never mix with real ones.
source "$(dirname "$0")/lib.sh"

demo=$root/target/demo

main() {
    "$root/scripts/setup.sh" run
    "$root/scripts/build.sh" demo-tenant
    mkdir -p "$demo/data" "$demo/cache"
    exec "$root/scripts/desktop.sh" --keep "$demo/keyring" "$root/scripts/run.sh" --on-desktop
}

# The tenant first (it prints its cast), then the app; when the app ends or we are told to, both are ended.
on_desktop() {
    rm -f "$demo/clouds.json"
    target/release/demo-tenant --clouds-out "$demo/clouds.json" &
    tenant=$!
    trap 'kill "$tenant" ${app:+"$app"} 2>/dev/null; wait' EXIT
    trap 'exit 143' TERM
    trap 'exit 130' INT HUP
    until [ -s "$demo/clouds.json" ]; do
        kill -0 "$tenant" 2>/dev/null || fail "the demo tenant did not start"
        sleep 0.1
    done
    for_terminals >"$demo/env"
    # The person's own data folder stays readable: their browser is registered there.
    XDG_DATA_DIRS="${XDG_DATA_HOME:-$HOME/.local/share}:${XDG_DATA_DIRS:-/usr/local/share:/usr/share}" \
        XDG_DATA_HOME=$demo/data XDG_CACHE_HOME=$demo/cache GRAPH_CONNECT_CLOUDS=$demo/clouds.json \
        GRAPH_CONNECT_TERMINAL=$demo/env target/release/graph-connect-desktop &
    app=$!
    say "Graph Connect is open; close its window or press Ctrl+C to end"
    say "for graph-connect in a terminal, with the same connections: . target/demo/env"
    wait "$app"
}

# What makes the command line see the connections, the tenant and the keychain of this window.
for_terminals() {
    printf 'export %s=%q\n' XDG_DATA_HOME "$demo/data" GRAPH_CONNECT_CLOUDS "$demo/clouds.json" \
        DBUS_SESSION_BUS_ADDRESS "${DBUS_SESSION_BUS_ADDRESS:-}"
    printf 'export PATH=%q:"$PATH"\n' "$root/target/release"
}

case ${1:-} in
--on-desktop) on_desktop ;;
'') main ;;
*) fail "usage: run.sh" ;;
esac
