#!/usr/bin/env bash
# Makes the .deb from the same release build that is run, tested and measured.
source "$(dirname "$0")/lib.sh"

"$root/scripts/setup.sh" run
"$root/scripts/build.sh"
[ -x scripts/tools/node_modules/.bin/tauri ] || npm ci --prefix scripts/tools --no-audit --no-fund --loglevel=error >&2
say "bundling"
scripts/tools/node_modules/.bin/tauri bundle --bundles deb >&2
for package in target/release/bundle/deb/*.deb; do
    dpkg-deb --info "$package" | sed -n 's/^ \(Package\|Version\|Depends\|Installed-Size\):/&/p'
    echo "$package"
done
