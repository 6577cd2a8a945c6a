#!/usr/bin/env bash
# Makes the .deb from the same release build that is run, tested and measured.
source "$(dirname "$0")/lib.sh"

bundler=2.12.5
"$root/scripts/setup.sh" run
"$root/scripts/build.sh"
tauri=$tools/bundler-$bundler/node_modules/.bin/tauri
if [ ! -x "$tauri" ]; then
    say "installing the bundler @tauri-apps/cli $bundler into target/tools"
    mkdir -p "$tools/bundler-$bundler"
    npm install --prefix "$tools/bundler-$bundler" --no-save --no-package-lock --no-audit --no-fund --loglevel=error \
        "@tauri-apps/cli@$bundler" >&2 || fail "the bundler could not be installed"
fi
say "writing the manual pages and the completions"
rm -rf target/package && mkdir -p target/package/man
target/release/graph-connect man --out target/package/man
gzip --best --no-name target/package/man/*.1
for shell in bash zsh fish; do
    target/release/graph-connect completions "$shell" >"target/package/graph-connect.$shell"
done
say "bundling"
rm -f target/release/bundle/deb/*.deb
"$tauri" bundle --bundles deb >&2
for package in target/release/bundle/deb/*.deb; do
    dpkg-deb --info "$package" | sed -n 's/^ \(Package\|Version\|Depends\|Installed-Size\):/&/p'
    echo "$package"
done
