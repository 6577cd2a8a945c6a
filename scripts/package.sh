#!/usr/bin/env bash
# Makes the .deb and the .rpm from the build that is measured, looks at them, and starts the command line that they carry.
# Ends with a line for each format that there could be: made and what was tried of it, or why it was not made. Prints the packages' names.
source "$(dirname "$0")/lib.sh"

bundler=2.12.5
made=$root/target/package
packages=$root/target/packages
tauri=$tools/bundler-$bundler/node_modules/.bin/tauri
maintainer=$(sed -n 's/^authors = \["\(.*\)"\]/\1/p' Cargo.toml)
version=$(version)
formats=()

main() {
    "$root/scripts/setup.sh" run
    "$root/scripts/setup.sh" package
    "$root/scripts/build.sh" --shipped
    install_bundler
    say "writing the manual pages, the completions and what Debian wants to read"
    rm -rf "$made" && mkdir -p "$made/man" "$made/debian" "$packages"
    target/dist/graph-connect man --out "$made/man"
    cp scripts/package/graph-connect-desktop.1 "$made/man"
    gzip --best --no-name "$made"/man/*.1
    for shell in bash zsh fish; do
        target/dist/graph-connect completions "$shell" >"$made/graph-connect.$shell"
    done
    copyright >"$made/copyright"
    changelog | gzip --best --no-name >"$made/changelog.gz"
    # What an earlier run has made is no part of what this one says.
    rm -f "$packages"/*.deb "$packages"/*.rpm
    deb
    rpm_package
    elsewhere
    say "formats"
    printf '%s\n' "${formats[@]}" >&2
    ls "$packages"/*.deb "$packages"/*.rpm 2>/dev/null || true
}

# format NAME WHAT-BECAME-OF-IT: a line of the summary, in which "tried" is only what this run has tried.
format() { formats+=("$(printf '  %-15s %s' "$1" "$2")"); }

deb() {
    local package looked dependencies
    package=$packages/graph-connect_${version}_$(dpkg --print-architecture).deb
    dependencies=$(deb_dependencies)
    bundle deb "$dependencies" "$package"
    pack_smaller "$package"
    dpkg-deb --info "$package" | sed -n 's/^ \(Package\|Version\|Maintainer\|Depends\|Installed-Size\):/&/p' >&2
    looked="tried: lintian finds no error"
    look_at "$package" || looked="tried: not by lintian, which is not installed"
    fresh "$made/unpacked"
    dpkg-deb --extract "$package" "$made/unpacked"
    complete "$made/unpacked" usr/share/doc/graph-connect/copyright usr/share/doc/graph-connect/THIRD-PARTY-NOTICES.txt
    format .deb "made; $looked, its command line starts; not installed in this run"
}

rpm_package() {
    if ! command -v rpm >/dev/null || [ ! -x /usr/lib/rpm/elfdeps ]; then
        format .rpm "not made: it needs Debian's package rpm (\"scripts/setup.sh package\")"
        return
    fi
    local package dependencies licences=usr/share/licenses/graph-connect
    package=$packages/graph-connect-$version-1.$(uname -m).rpm
    dependencies=$(rpm_dependencies)
    bundle rpm "$dependencies" "$package"
    rpm --query --package --queryformat 'Package: %{NAME}\nVersion: %{VERSION}-%{RELEASE}\nInstalled-Size: %{SIZE}\n' "$package" >&2
    # Without a key there is no signature; the digests say that it is whole.
    rpm --checksig --nosignature "$package" >&2 || fail "the digests of the .rpm are wrong"
    fresh "$made/unpacked"
    rpm2archive - <"$package" | tar -xz -C "$made/unpacked"
    complete "$made/unpacked" "$licences/LICENSE-MIT" "$licences/LICENSE-APACHE" "$licences/THIRD-PARTY-NOTICES.txt"
    rpm --query --package --requires "$package" | grep '^libwebkit2gtk-4.1.so.0' >/dev/null || fail "the .rpm does not require WebKitGTK"
    format .rpm "made; tried: its digests are right, its command line starts; never installed on Fedora or openSUSE"
}

# elsewhere: the formats that this script does not make (docs/PACKAGES.md).
elsewhere() {
    format ".exe installer" "not made by this: \"make windows\" makes it and tries it under Wine"
    format ".app, .dmg" "not made here: only macOS has what makes them (.github/workflows/release.yml)"
    format AppImage "not made: it would freeze WebKitGTK, which opens pages, at the version of one day"
    format Flatpak "not made: its runtime comes from flathub.org alone, and the host's programs would see nothing of it"
}

# bundle KIND CONFIG PACKAGE: has the bundler make one kind of package, under a name without a blank.
bundle() {
    say "bundling: $1"
    rm -rf "target/dist/bundle/$1"
    # The bundler looks into the folder "release" alone.
    mkdir -p target/bundler && ln -sfn ../dist target/bundler/release
    CARGO_TARGET_DIR=target/bundler "$tauri" bundle --bundles "$1" --config "$2" >&2
    mv target/dist/bundle/"$1"/*."$1" "$3"
}

fresh() { rm -rf "$1" && mkdir -p "$1"; }

# complete UNPACKED LICENCE…: that what a package has to carry is in it, and that its command line starts and is this one.
complete() {
    local unpacked=$1 file
    shift
    for file in usr/bin/graph-connect-desktop usr/share/applications/*.desktop usr/share/man/man1/graph-connect.1.gz \
        usr/share/man/man1/graph-connect-desktop.1.gz usr/share/icons/hicolor/128x128/apps/graph-connect-desktop.png "$@"; do
        compgen -G "$unpacked/$file" >/dev/null || fail "the package lacks $file"
    done
    [ "$("$unpacked/usr/bin/graph-connect" --version)" = "graph-connect $version" ] ||
        fail "the command line of the package does not start, or is another version"
    rm -rf "$unpacked"
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

# deb_dependencies: the libraries that the two programs use, with the oldest version that has what they use, beside what
# tauri.conf.json names; as a piece of that file.
deb_dependencies() {
    local libraries
    printf 'Source: graph-connect\n\nPackage: graph-connect\nArchitecture: any\n' >"$made/debian/control"
    libraries=$(cd "$made" && dpkg-shlibdeps -O ../dist/graph-connect-desktop ../dist/graph-connect 2>/dev/null) ||
        fail "dpkg-shlibdeps could not tell which libraries the programs use"
    node -p 'const { deb } = require("./tauri.conf.json").bundle.linux
        deb.depends.push(...process.argv[1].replace("shlibs:Depends=", "").split(", "))
        JSON.stringify({ bundle: { linux: { deb: { depends: deb.depends } } } })' "$libraries"
}

# rpm_dependencies: the same for the .rpm, where a library is named by its file: so Fedora and openSUSE, whose packages have
# different names, both have it.
rpm_dependencies() {
    local libraries
    libraries=$(printf '%s\n' target/dist/graph-connect-desktop target/dist/graph-connect | /usr/lib/rpm/elfdeps --requires | sort -u)
    [ -n "$libraries" ] || fail "elfdeps could not tell which libraries the programs use"
    node -p 'JSON.stringify({ bundle: { linux: { rpm: { depends: process.argv[1].split("\n") } } } })' "$libraries"
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

# look_at PACKAGE: false where there is no lintian to look at it.
look_at() {
    command -v lintian >/dev/null || return 1
    lintian --allow-root --fail-on error "$1" >&2 || fail "lintian found an error in the package"
}

main
