#!/usr/bin/env bash
# cc.sh ARGUMENTS…: compiles C for macOS with zig, as scripts/macos.sh has cargo's build scripts do it. What they say of the
# target and of Apple's own headers is said in zig's words instead.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
arguments=()
while [ $# -gt 0 ]; do
    case $1 in
    -arch | -isysroot) shift ;;
    -mmacosx-version-min=* | --target=*) ;;
    *) arguments+=("$1") ;;
    esac
    shift
done
# Its checks of undefined behaviour are for programs that run; without them it takes half the time.
exec "$root/target/tools/bin/zig" cc -target "aarch64-macos.$MACOSX_DEPLOYMENT_TARGET" -fno-sanitize=undefined "${arguments[@]}"
