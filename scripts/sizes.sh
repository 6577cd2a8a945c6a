#!/usr/bin/env bash
# sizes.sh: what is shipped beside the blank window, built and packed alike; prints a table.
source "$(dirname "$0")/lib.sh"

main() {
    local package blank
    "$root/scripts/build.sh" --shipped blank
    package=$("$root/scripts/package.sh" | grep '\.deb$')
    blank=$(blank_package)
    printf '\n| | size | ratio |\n|---|---:|---:|\n'
    row "the package of a blank window" "$blank" "$blank"
    row "the package" "$package" "$blank"
    row "the program of a blank window" target/dist/examples/blank target/dist/examples/blank
    row "the app" target/dist/graph-connect-desktop target/dist/examples/blank
    row "the command line" target/dist/graph-connect target/dist/examples/blank
}

row() {
    local size base
    size=$(stat -c %s "$2") base=$(stat -c %s "$3")
    awk -v name="$1" -v size="$size" -v base="$base" \
        'BEGIN { printf "| %s | %.2f MiB | %.2f |\n", name, size / 1048576, size / base }'
}

# The blank window in a package with the icons, as small as one can be.
blank_package() {
    local folder=target/dist/blank-package
    rm -rf "$folder"
    install -D target/dist/examples/blank "$folder/usr/bin/blank"
    install -D -m 644 icons/icon.png "$folder/usr/share/icons/hicolor/512x512/apps/blank.png"
    mkdir "$folder/DEBIAN"
    printf '%s\n' 'Package: blank' 'Version: 0' 'Architecture: amd64' 'Maintainer: nobody' 'Description: a blank window' \
        >"$folder/DEBIAN/control"
    dpkg-deb --build --root-owner-group -Zxz "$folder" target/dist/blank.deb >/dev/null
    echo target/dist/blank.deb
}

main
