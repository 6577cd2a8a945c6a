#!/usr/bin/env bash
# Makes the .deb from the build that is measured, and has lintian look at it.
source "$(dirname "$0")/lib.sh"

bundler=2.12.5
made=$root/target/package
tauri=$tools/bundler-$bundler/node_modules/.bin/tauri
maintainer=$(sed -n 's/^authors = \["\(.*\)"\]/\1/p' Cargo.toml)
version=$(sed -n 's/^version = "\(.*\)"/\1/p' Cargo.toml)

main() {
    "$root/scripts/setup.sh" run
    "$root/scripts/build.sh" --shipped
    install_bundler
    say "writing the manual pages, the completions and what Debian wants to read"
    rm -rf "$made" && mkdir -p "$made/man" "$made/debian"
    target/dist/graph-connect man --out "$made/man"
    cp scripts/package/graph-connect-desktop.1 "$made/man"
    gzip --best --no-name "$made"/man/*.1
    for shell in bash zsh fish; do
        target/dist/graph-connect completions "$shell" >"$made/graph-connect.$shell"
    done
    copyright >"$made/copyright"
    changelog | gzip --best --no-name >"$made/changelog.gz"
    say "bundling"
    rm -rf target/dist/bundle/deb
    depends=$(dependencies)
    # The bundler looks into the folder "release" alone.
    mkdir -p target/bundler && ln -sfn ../dist target/bundler/release
    CARGO_TARGET_DIR=target/bundler "$tauri" bundle --bundles deb --config "$depends" >&2
    for package in target/dist/bundle/deb/*.deb; do
        pack_smaller "$package"
        dpkg-deb --info "$package" | sed -n 's/^ \(Package\|Version\|Maintainer\|Depends\|Installed-Size\):/&/p'
        look_at "$package"
        echo "$package"
    done
}

install_bundler() {
    [ ! -x "$tauri" ] || return 0
    say "installing the bundler @tauri-apps/cli $bundler into target/tools"
    mkdir -p "$tools/bundler-$bundler"
    npm install --prefix "$tools/bundler-$bundler" --no-save --no-package-lock --no-audit --no-fund --loglevel=error \
        "@tauri-apps/cli@$bundler" >&2 || fail "the bundler could not be installed"
}

# pack_smaller PACKAGE: the bundler knows gzip alone; xz takes a third less.
pack_smaller() {
    local unpacked=$made/unpacked
    rm -rf "$unpacked"
    dpkg-deb --raw-extract "$1" "$unpacked"
    dpkg-deb --build --root-owner-group -Zxz "$unpacked" "$1" >/dev/null
    rm -rf "$unpacked"
}

# dependencies: the libraries that the two programs use, with the oldest version that has what they use, beside what
# tauri.conf.json names; as a piece of that file.
dependencies() {
    local libraries
    printf 'Source: graph-connect\n\nPackage: graph-connect\nArchitecture: any\n' >"$made/debian/control"
    libraries=$(cd "$made" && dpkg-shlibdeps -O ../dist/graph-connect-desktop ../dist/graph-connect 2>/dev/null) ||
        fail "dpkg-shlibdeps could not tell which libraries the programs use"
    node -p 'const { deb } = require("./tauri.conf.json").bundle.linux
        deb.depends.push(...process.argv[1].replace("shlibs:Depends=", "").split(", "))
        JSON.stringify({ bundle: { linux: { deb: { depends: deb.depends } } } })' "$libraries"
}

# copyright: in the form of https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/.
copyright() {
    cat <<END
Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/
Upstream-Name: Graph Connect
Upstream-Contact: $maintainer
Comment: The work of others that the programs carry, and its licences, are in THIRD-PARTY-NOTICES.txt beside this file.

Files: *
Copyright: $(sed -n 's/^Copyright (c) //p' LICENSE-MIT)
License: MIT or Apache-2.0

License: MIT
$(tail -n +3 LICENSE-MIT | sed 's/^$/./; s/^/ /')

License: Apache-2.0
 The text is in /usr/share/common-licenses/Apache-2.0.
END
}

# changelog: Debian's own form has room for where the changelog is.
changelog() {
    cat <<END
graph-connect ($version) stable; urgency=medium

  * What changed is in CHANGELOG.md beside this file.

 -- $maintainer  $(git log -1 --format=%cD)
END
}

look_at() {
    if ! command -v lintian >/dev/null; then
        say "NOT CHECKED: lintian is not installed (\"make setup\")"
        return
    fi
    lintian --allow-root --fail-on error "$1" || fail "lintian found an error in the package"
}

main
