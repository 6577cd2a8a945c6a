//! Puts docs/FAILURES.md together from what the stories of tests/failures left.

fn main() {
    e2e::assemble();
}
