#!/usr/bin/env bash
# Every check there is, after setting up: formatting, lints, licences, the user interface, the crates, and the release
# build of the app driven from outside. Goes on after a failure, and ends with a summary: "not checked" stands where
# something could not be looked at.
source "$(dirname "$0")/lib.sh"

logs=$root/target/test-logs
summary=() failed=

# What a step ends with that could not look at what it is for: neither passed nor failed.
not_checked=77

# step NAME COMMAND…: what it prints is seen as it comes and kept in target/test-logs, where the tests are counted.
step() {
    local name=$1 start=$SECONDS log writer result counted
    log=$logs/$(tr -cs '[:alnum:]' - <<<"$name" | sed 's/-*$//').log
    shift
    say "$name"
    result=0
    exec 9> >(exec tee "$log")
    writer=$!
    "$@" >&9 2>&1 9>&- || result=$?
    exec 9>&-
    # A program that outlives its test holds the pipe open: it is not waited for longer than the rest takes to be written.
    timeout 5 tail --pid="$writer" --sleep-interval=0.1 -f /dev/null || true
    case $result in
    0) result=ok ;;
    "$not_checked") result='not checked' ;;
    *) result=FAILED failed=1 ;;
    esac
    counted=$(counts "$log")
    summary+=("$(printf '%-11s %5ss  %s' "$result" "$((SECONDS - start))" "$name${counted:+ ($counted)}")")
}

# counts LOG: how many tests passed and failed by the closing lines of cargo test and vitest; nothing where there are none.
counts() {
    sed 's/\x1b\[[0-9;]*m//g' "$1" | awk '
        /^test result: / || /^ *Tests  / {
            found = 1
            for (i = 2; i <= NF; i++) if ($i ~ /^(passed|failed|ignored|skipped)[;,]?$/) of[substr($i, 1, 4)] += $(i - 1)
        }
        END {
            if (!found) exit
            printf "%d passed, %d failed", of["pass"], of["fail"]
            if (of["igno"] + of["skip"]) printf ", %d skipped", of["igno"] + of["skip"]
        }'
}

# A test that waits for ever is ended here, so that the summary is still written.
limited() { timeout --foreground 40m "$@"; }

desktop() { limited "$root/scripts/desktop.sh" --private "$@"; }

licences_and_sources() { cargo deny --locked --all-features check --hide-inclusion-graph licenses bans sources; }

# The advisory database is a repository on GitHub: out of reach is said, and is not the same as a found advisory.
advisories() {
    if ! curl -sSf --max-time 20 -o /dev/null https://github.com/rustsec/advisory-db 2>/dev/null; then
        say "NOT CHECKED: github.com/rustsec/advisory-db cannot be reached from here"
        return "$not_checked"
    fi
    cargo deny --locked --all-features check advisories
}

# That the file was made from what is there now is compared by a checksum, so that the tool that makes it is not needed here.
notices() {
    grep -qF "from $(notices_stamp);" THIRD-PARTY-NOTICES.txt && return
    say "THIRD-PARTY-NOTICES.txt is out of date: run \"make notices\""
    return 1
}

documentation() { RUSTDOCFLAGS='-D warnings' cargo doc --workspace --no-deps --locked --quiet; }

main() {
    # A pipe takes the colours away; they are asked for where a person looks on.
    if [ -t 1 ]; then export CARGO_TERM_COLOR=always FORCE_COLOR=1; fi
    "$root/scripts/setup.sh"
    rm -rf "$logs" && mkdir -p "$logs"
    step "format" cargo fmt --all --check
    step "circles of imports" python3 scripts/import-circles.py
    step "licences, bans, sources" licences_and_sources
    step "advisories" advisories
    step "third-party notices" notices
    step "manifests" scripts/package/manifests-test.sh
    for script in format check lint test; do step "ui: $script" npm run "$script" --prefix ui --silent; done
    step "build" "$root/scripts/build.sh"
    step "lints" cargo clippy --workspace --all-targets --locked --quiet -- -D warnings
    step "documentation" documentation
    step "crates" desktop cargo test --workspace --exclude graph-connect-desktop --exclude e2e --locked --no-fail-fast
    step "app" desktop cargo test --release --features custom-protocol -p graph-connect-desktop --locked
    step "windows, under Wine" limited "$root/scripts/windows.sh" test
    step "macos, type-checked" limited "$root/scripts/macos.sh" test
    step "window and browser" limited cargo test -p e2e --locked --no-fail-fast
    printf '%s\n' '' "${summary[@]}" "all: $(cat "$logs"/*.log | counts /dev/stdin)"
    [ -z "$failed" ] || fail "not everything passed"
}

main
