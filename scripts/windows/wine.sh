#!/usr/bin/env bash
# wine.sh PROGRAM ARGUMENTS…: runs a Windows program in a Windows of this project's own, target/windows/wine.
# cargo calls it for the tests (.cargo/config.toml); each ends with the exit code of the program.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
export WINEPREFIX=${WINEPREFIX:-$root/target/windows/wine} WINEDEBUG=${WINEDEBUG:--all} WINEDLLOVERRIDES='mscoree,mshtml='
wine=$(command -v wine64 || echo /usr/lib/wine/wine64)
# Rust takes its random numbers from a library that Wine has had only since its version 9.
random=$WINEPREFIX/drive_c/windows/system32/bcryptprimitives.dll
if [ ! -e "$random" ]; then
    mkdir -p "$WINEPREFIX"
    # Tests start side by side; one of them prepares it.
    exec 9>"$WINEPREFIX/.lock"
    flock 9
    if [ ! -e "$random" ]; then
        # Without the lock, which what it starts would hold on to.
        "$wine" wineboot --init >/dev/null 2>&1 </dev/null 9>&- || {
            echo "error: Wine cannot begin a Windows in $WINEPREFIX" >&2
            exit 1
        }
        x86_64-w64-mingw32-gcc -shared -O2 -o "$random" "$root/scripts/windows/bcryptprimitives.c" -ladvapi32
    fi
    exec 9>&-
fi
exec "$wine" "$@"
