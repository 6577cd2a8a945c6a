# A Rust that builds for Windows from Linux, and Wine to run what it built. Sourced after lib.sh, not run.
target=x86_64-pc-windows-gnu
built=$root/target/windows

# windows_cargo ARGUMENTS…: cargo for Windows. rustup's toolchain with its own standard library where that can be had;
# else Debian's current Rust, which builds the standard library from its source.
windows_cargo() {
    local command=$1
    shift
    if has_target; then
        CARGO_TARGET_DIR=$built cargo "$command" --locked --target "$target" "$@"
    else
        # Debian ships no standard library for this target, and only a nightly compiler may build one: its name for that is
        # RUSTC_BOOTSTRAP.
        env -u RUSTUP_TOOLCHAIN PATH="/usr/bin:$PATH" RUSTC=/usr/bin/rustc RUSTDOC=/usr/bin/rustdoc RUSTC_BOOTSTRAP=1 \
            CARGO_TARGET_DIR="$built" \
            /usr/bin/cargo "$command" --locked --target "$target" -Zbuild-std=std,panic_abort,panic_unwind "$@"
    fi
}

has_target() { [ -d "$(rustc --print sysroot 2>/dev/null)/lib/rustlib/$target" ]; }

# install_windows_tools: what setup.sh does not install, because only these steps need it.
install_windows_tools() {
    "$root/scripts/setup.sh" run
    "$root/scripts/setup.sh" windows
    # What did not work once is not tried again in every run.
    if ! has_target && [ ! -e "$built/no-rustup" ] && command -v rustup >/dev/null &&
        curl -sf --max-time 10 -o /dev/null https://static.rust-lang.org; then
        timeout 300 rustup target add "$target" >&2 || {
            say "rustup has no way to the target; taking Debian's Rust"
            mkdir -p "$built" && touch "$built/no-rustup"
        }
    fi
    has_target || "$root/scripts/setup.sh" windows-rust
}
