#!/usr/bin/env bash
# manifests-test.sh: fills the manifests for winget and Homebrew from made-up files and compares them with the files, and with
# what an installer of the same facts really writes into Windows' list of programs.
source "$(dirname "$0")/../lib.sh"

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
version=7.8.9
address=https://example.com/releases/download/v$version

main() {
    mkdir "$work/files" "$work/programs"
    local file
    for file in graph-connect.exe graph-connect-desktop.exe WebView2Loader.dll; do echo "$file" >"$work/programs/$file"; done
    "$root/scripts/windows/installer.sh" $version "$work/programs" "$work/files/graph-connect-$version-setup.exe" -V4 \
        >"$work/installer.log" 2>&1 || { cat "$work/installer.log" >&2 && fail "no installer"; }
    for file in aarch64 x86_64; do echo "made up for $file" >"$work/files/graph-connect-$version-$file.dmg"; done
    GRAPH_CONNECT_PACKAGES=$work/out "$root/scripts/publish-manifests.sh" $version $address "$work/files"/* >/dev/null
    (cd "$work/files" && sha256sum --check --quiet --strict "$work/out/SHA256SUMS") || fail "SHA256SUMS is wrong"
    # python3-yaml is Debian's, so it is Debian's Python that has it.
    /usr/bin/python3 "$root/scripts/package/manifests_test.py" "$work" $version $address
    # With a file missing there is no manifest that would name it.
    GRAPH_CONNECT_PACKAGES=$work/none "$root/scripts/publish-manifests.sh" $version $address \
        "$work/files/graph-connect-$version-aarch64.dmg" >/dev/null 2>&1
    [ "$(ls "$work/none")" = SHA256SUMS ] || fail "a manifest was written without its files"
    say "manifests and installer say the same"
}

main
