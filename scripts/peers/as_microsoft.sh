#!/usr/bin/env bash
# as_microsoft.sh COMMAND…: runs COMMAND in a network of its own that has nothing in it but this computer, where the names of
# Microsoft's login host and of Graph lead to the addresses on which the demo tenant listens when it is told to be them.
# Nothing outside changes: the network and the file of names are gone with the command.
set -euo pipefail

if [ "${1:-}" != --inside ]; then
    exec unshare --map-root-user --net --mount -- "$0" --inside "$@"
fi
shift
ip link set lo up
hosts=$(mktemp)
printf '%s\n' '127.0.0.1 localhost' '127.0.0.2 login.microsoftonline.com' '127.0.0.3 graph.microsoft.com' >"$hosts"
mount --bind "$hosts" /etc/hosts
rm -f "$hosts"
exec "$@"
