#!/usr/bin/env bash
# Every check there is, after setting up: formatting, lints, licences, the user interface, the crates, and the release
# build of the app driven from outside. Goes on after a failure, and ends with a summary.
source "$(dirname "$0")/lib.sh"

summary=() failed=

# step NAME COMMAND…
step() {
    local name=$1 start=$SECONDS result
    shift
    say "$name"
    if "$@"; then result=ok; else result=FAILED failed=1; fi
    summary+=("$(printf '%-8s %5ss  %s' "$result" "$((SECONDS - start))" "$name")")
}

# A test that waits for ever is ended here, so that the summary is still written.
limited() { timeout --foreground 40m "$@"; }

desktop() { limited "$root/scripts/desktop.sh" --private "$@"; }

licences_and_sources() { cargo deny --locked --all-features check --hide-inclusion-graph licenses bans sources; }

# The advisory database is a repository on GitHub: out of reach is said, and is not the same as a found advisory.
advisories() {
    if ! curl -sSf --max-time 20 -o /dev/null https://github.com/rustsec/advisory-db 2>/dev/null; then
        say "NOT CHECKED: github.com/rustsec/advisory-db cannot be reached from here"
        return 0
    fi
    cargo deny --locked --all-features check advisories
}

documentation() { RUSTDOCFLAGS='-D warnings' cargo doc --workspace --no-deps --locked --quiet; }

main() {
    "$root/scripts/setup.sh"
    step "format" cargo fmt --all --check
    step "licences, bans, sources" licences_and_sources
    step "advisories" advisories
    for script in format check lint test; do step "ui: $script" npm run "$script" --prefix ui --silent; done
    step "build" "$root/scripts/build.sh"
    step "lints" cargo clippy --workspace --all-targets --locked --quiet -- -D warnings
    step "documentation" documentation
    step "crates" desktop cargo test --workspace --exclude graph-connect-desktop --exclude e2e --locked --no-fail-fast
    step "app" desktop cargo test --release --features custom-protocol -p graph-connect-desktop --locked
    step "window and browser" limited cargo test -p e2e --locked --no-fail-fast
    printf '%s\n' '' "${summary[@]}"
    [ -z "$failed" ] || fail "not everything passed"
}

main
