#!/usr/bin/env bash
# installer.sh VERSION PROGRAMS FILE [OPTION…]: makes the installer for Windows from the folder with the programs. OPTIONs are
# makensis' own, such as -Dsign=COMMAND.
source "$(dirname "$0")/../lib.sh"

[ $# -ge 3 ] || fail "usage: installer.sh VERSION PROGRAMS FILE [OPTION…]"
makensis -V2 -NOCD -Dversion="$1" -Dprograms="$2" -Dout="$3" -Dproduct="$(product_code)" -Dname="$(product_name)" \
    -Dpublisher="$(publisher)" "${@:4}" scripts/windows/installer.nsi >&2 || fail "the installer cannot be made"
