#!/usr/bin/env bash
# publish-manifests.sh VERSION [ADDRESS] FILE…: from the files of a release writes what winget and Homebrew want to know of
# them, and SHA256SUMS, into target/packages. ADDRESS is the folder that they will be downloaded from, an https:// address;
# without one the placeholder in Cargo.toml stands there. Publishes nothing.
source "$(dirname "$0")/lib.sh"

templates=$root/scripts/package
out=${GRAPH_CONNECT_PACKAGES:-$root/target/packages}

main() {
    [ $# -ge 2 ] || fail "usage: publish-manifests.sh VERSION [ADDRESS] FILE…"
    version=$1 address=$(homepage)/releases/download/v$1
    shift
    if [[ $1 == https://* ]]; then address=${1%/} && shift; fi
    [[ $version =~ ^[0-9]+\.[0-9]+\.[0-9]+$ ]] || fail "not a version: $version"
    [[ $address != *.invalid/* ]] || say "NOT TO BE PUBLISHED: $address is the placeholder of Cargo.toml"
    files=("$@")
    mkdir -p "$out"
    winget
    homebrew
    sums >"$out/SHA256SUMS"
    echo "$out/SHA256SUMS"
}

winget() {
    local setup=graph-connect-$version-setup.exe setup_sha256
    setup_sha256=$(sum_of "$setup") || { say "no winget manifest: $setup is not among the files" && return; }
    # Upper case is what winget's own tools write.
    fill winget setup "$setup" setup_sha256 "${setup_sha256^^}"
}

homebrew() {
    local arm intel
    arm=$(sum_of "graph-connect-$version-aarch64.dmg") && intel=$(sum_of "graph-connect-$version-x86_64.dmg") ||
        { say "no Homebrew cask: both .dmg of $version have to be among the files" && return; }
    fill homebrew dmg_aarch64_sha256 "$arm" dmg_x86_64_sha256 "$intel"
}

# sum_of NAME: the checksum of the file of that name among those that were given; false where it is not there.
sum_of() {
    local file
    for file in "${files[@]}"; do
        if [ "$(basename "$file")" = "$1" ]; then
            sha256sum -- "$file" | cut -d' ' -f1
            return
        fi
    done
    return 1
}

sums() {
    local file
    for file in "${files[@]}"; do (cd "$(dirname "$file")" && sha256sum -- "$(basename "$file")"); done
}

# fill FOLDER NAME VALUE…: the templates of a folder with @NAME@ replaced; what stays unfilled ends this.
fill() {
    local folder=$1 template filled
    shift
    set -- "$@" version "$version" address "$address" homepage "$(homepage)" product_name "$(product_name)" \
        product_code "$(product_code)" publisher "$(publisher)" summary "$(summary)"
    rm -rf "${out:?}/$folder" && mkdir -p "$out/$folder"
    for template in "$templates/$folder"/*; do
        filled=$(cat "$template")
        filled=$(replaced "$filled" "$@")
        ! grep -n '@[a-z0-9_]*@' <<<"$filled" >&2 || fail "nothing fills these in $(basename "$template")"
        printf '%s\n' "$filled" >"$out/$folder/$(basename "$template")"
        echo "$out/$folder/$(basename "$template")"
    done
}

replaced() {
    local text=$1
    shift
    while [ $# -gt 0 ]; do
        [ -n "$2" ] || fail "$1 is empty: its home has another form than it had"
        text=${text//"@$1@"/"$2"}
        shift 2
    done
    printf '%s' "$text"
}

main "$@"
