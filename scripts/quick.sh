#!/usr/bin/env bash
# quick.sh [COMMIT]: format, lints and unit tests of what changed since COMMIT: by default since this branch left
# origin/main, with what is not committed yet. It is not `make test`: the other crates, and the tests in tests/ folders and
# in e2e, are left to that.
source "$(dirname "$0")/lib.sh"

failed=

# check NAME COMMAND…
check() {
    say "$1"
    shift
    "$@" || failed=1
}

# changed: the files that differ from the base and are still there, one a line.
changed() { { git diff --name-only --diff-filter=d "$base" && git ls-files --others --exclude-standard; } | sort -u; }

# crates: the packages in whose folders a file changed; the root's manifests reach all of them.
crates() {
    if grep -qE '^Cargo\.(toml|lock)$' <<<"$files"; then
        sed -n 's/^name = "\(.*\)"/\1/p' src-tauri/*/Cargo.toml e2e/Cargo.toml
        echo graph-connect-desktop
        return
    fi
    local folder
    grep -oE '^(src-tauri/[^/]+|e2e)/' <<<"$files" | sort -u | while read -r folder; do
        if [ -f "$folder/Cargo.toml" ]; then sed -n 's/^name = "\(.*\)"/\1/p' "$folder/Cargo.toml"
        else echo graph-connect-desktop; fi
    done | sort -u
}

rust() {
    local names packages targets=(--lib --bins)
    names=$(crates)
    mapfile -t packages < <(sed -n 's/./--package=&/p' <<<"$names")
    [ ${#packages[@]} -gt 0 ] || return 0
    # The desktop package carries the window's files and does not compile without the folder.
    mkdir -p ui/dist
    # Cargo refuses --lib where no package has a library.
    [ "$names" != graph-connect ] || targets=(--bins)
    check "format" cargo fmt --all --check
    check "lints: ${packages[*]#*=}" cargo clippy --all-targets --locked --quiet "${packages[@]}" -- -D warnings
    check "unit tests: ${packages[*]#*=}" scripts/desktop.sh --private cargo test "${targets[@]}" --locked --quiet --no-fail-fast "${packages[@]}"
}

in_ui() { (cd ui && npm exec -- "$@"); }

window() {
    local sources
    mapfile -t sources < <(sed -n 's#^ui/\(.*\.\(ts\|js\|svelte\)\)$#\1#p' <<<"$files")
    grep -q '^ui/' <<<"$files" || return 0
    if [ ${#sources[@]} -gt 0 ]; then
        check "ui: format" in_ui prettier --check "${sources[@]}"
        check "ui: lint" in_ui eslint --max-warnings 0 "${sources[@]}"
    fi
    check "ui: types" npm run check --prefix ui --silent
    check "ui: tests" in_ui vitest run --changed "$base" --reporter=dot --passWithNoTests
}

base=${1:-$(git merge-base HEAD origin/main 2>/dev/null || git rev-parse HEAD)}
files=$(changed)
[ -n "$files" ] || { say "nothing changed since $(git log -1 --format=%h "$base")" && exit; }
say "$(wc -l <<<"$files") files changed since $(git log -1 --format=%h "$base")"
scripts_changed=$(grep -E '^scripts/.*\.sh$' <<<"$files" || true)
[ -z "$scripts_changed" ] || xargs -n1 bash -n <<<"$scripts_changed" || failed=1
rust
window
[ -z "$failed" ] || fail "not everything passed"
say "what changed passes; \"make test\" checks the rest"
