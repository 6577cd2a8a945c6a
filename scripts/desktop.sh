#!/usr/bin/env bash
# desktop.sh [--private] [--keep FOLDER] COMMAND…: runs COMMAND on a desktop.
# What is there is used as it is. What is missing is started and ended again with the command: a display (Xvfb), a
# session bus with an unlocked GNOME keyring. --private starts both always, so that nothing of this person's session is
# touched: the tests run so. --keep lets the keyring that is started live on in FOLDER until the next time.
here=$PWD
source "$(dirname "$0")/lib.sh"
cd "$here"

private=${GRAPH_CONNECT_PRIVATE:-} keep=
while [ $# -gt 0 ]; do
    case $1 in
    --private) private=1 ;;
    --keep) keep=$2 && shift ;;
    --) shift && break ;;
    -*) fail "desktop.sh: unknown option $1" ;;
    *) break ;;
    esac
    shift
done
[ $# -gt 0 ] || fail "usage: desktop.sh [--private] [--keep FOLDER] COMMAND…"

children=() scratch=

cleanup() {
    local status=$?
    trap - EXIT
    for child in "${children[@]}"; do kill "$child" 2>/dev/null || true; done
    for child in "${children[@]}"; do wait "$child" 2>/dev/null || true; done
    [ -z "$scratch" ] || rm -rf "$scratch"
    exit "$status"
}
trap cleanup EXIT
trap 'exit 143' TERM
trap 'exit 130' INT HUP

# watched COMMAND…: in the background with our standard input, so that a signal to us reaches it through cleanup.
watched() {
    "$@" <&0 &
    children=("$!" "${children[@]}")
    wait "$!"
}

# needs PROGRAM PACKAGE
needs() { command -v "$1" >/dev/null || fail "$1 is missing: run \"make setup\" (Debian package $2)"; }

# appears FILE PROCESS: waits until the process has written FILE, five seconds at most.
appears() {
    for _ in $(seq 100); do
        [ ! -s "$1" ] || return 0
        kill -0 "$2" 2>/dev/null || return 1
        sleep 0.05
    done
    return 1
}

start_display() {
    needs Xvfb xvfb
    Xvfb -displayfd 7 -screen 0 1280x960x24 -dpi 96 -fbdir "$scratch" -nocursor -nolisten tcp 7>"$scratch/display" 2>"$scratch/xvfb.log" &
    children+=("$!")
    appears "$scratch/display" "$!" || fail "Xvfb did not start: $(tail -n1 "$scratch/xvfb.log")"
    DISPLAY=:$(cat "$scratch/display")
    # The second is what is on the screen, as a file (XWD), for whoever wants to look without asking the server.
    export DISPLAY GDK_BACKEND=x11 GRAPH_CONNECT_SCREEN=$scratch/Xvfb_screen0
    unset WAYLAND_DISPLAY XAUTHORITY
}

# The bus gets its own runtime and data folders, so that whatever it starts (another keyring, say) stays in there; the
# command keeps its own data folder.
start_bus() {
    needs dbus-daemon dbus
    needs gnome-keyring-daemon gnome-keyring
    local data=${keep:-$scratch/data}
    mkdir -p "$scratch/run" "$data" && chmod 700 "$scratch/run" "$data"
    data=$(realpath "$data")
    export XDG_RUNTIME_DIR=$scratch/run
    XDG_DATA_HOME=$data dbus-daemon --session --address="unix:dir=$scratch" --nofork --nopidfile --print-address=7 \
        7>"$scratch/bus" 2>"$scratch/bus.log" &
    children=("$!" "${children[@]}")
    appears "$scratch/bus" "$!" || fail "dbus-daemon did not start: $(tail -n1 "$scratch/bus.log")"
    DBUS_SESSION_BUS_ADDRESS=$(cat "$scratch/bus")
    export DBUS_SESSION_BUS_ADDRESS
    start_keyring "$data"
}

# The keyring's password protects nothing here: a private one lives as long as the command, a kept one holds what the
# demo tenant made up.
start_keyring() {
    printf 'demo' | XDG_DATA_HOME=$1 gnome-keyring-daemon --foreground --unlock --components=secrets \
        --control-directory="$XDG_RUNTIME_DIR/keyring" >/dev/null 2>&1 &
    children=("$!" "${children[@]}")
    gdbus wait --session --timeout 10 org.freedesktop.secrets || fail "gnome-keyring did not start within ten seconds"
}

if [ -n "$private" ]; then unset DISPLAY WAYLAND_DISPLAY DBUS_SESSION_BUS_ADDRESS XDG_RUNTIME_DIR; fi
scratch=$(mktemp -d)
if [ -z "${DISPLAY:-}${WAYLAND_DISPLAY:-}" ]; then
    start_display
    [ -n "$private" ] || say "no display here: this one is virtual ($DISPLAY); \"make pictures\" shows what is on it"
fi
if [ -z "${DBUS_SESSION_BUS_ADDRESS:-}" ] && [ ! -S "${XDG_RUNTIME_DIR:-/nowhere}/bus" ]; then start_bus; fi
watched "$@"
