# A Rust that builds on Linux for another system. Sourced after lib.sh by what has set `target`, the system to build for,
# and `built`, the folder for what is built.

# foreign_cargo COMMAND ARGUMENTS…: cargo for the target. rustup's toolchain with its own standard library where that can be
# had; else Debian's current Rust, which builds the standard library from its source.
foreign_cargo() {
    local command=$1
    shift
    if has_target; then
        CARGO_TARGET_DIR=$built cargo "$command" --locked --target "$target" "$@"
    else
        # Debian ships no standard library for the target, and only a nightly compiler may build one: its name for that is
        # RUSTC_BOOTSTRAP.
        env -u RUSTUP_TOOLCHAIN PATH="/usr/bin:$PATH" RUSTC=/usr/bin/rustc RUSTDOC=/usr/bin/rustdoc RUSTC_BOOTSTRAP=1 \
            CARGO_TARGET_DIR="$built" \
            /usr/bin/cargo "$command" --locked --target "$target" -Zbuild-std=std,panic_abort,panic_unwind "$@"
    fi
}

has_target() { [ -d "$(rustc --print sysroot 2>/dev/null)/lib/rustlib/$target" ]; }

# install_foreign_rust: whichever of the two can be had.
install_foreign_rust() {
    # What did not work once is not tried again in every run.
    if ! has_target && [ ! -e "$built/no-rustup" ] && command -v rustup >/dev/null &&
        curl -sf --max-time 10 -o /dev/null https://static.rust-lang.org; then
        timeout 300 rustup target add "$target" >&2 || {
            say "rustup has no way to the target; taking Debian's Rust"
            mkdir -p "$built" && touch "$built/no-rustup"
        }
    fi
    has_target || "$root/scripts/setup.sh" foreign-rust
}
