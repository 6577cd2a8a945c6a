//! The client secret: kept byte for byte, refused, or odd.

use model::{SecretProblem, SecretWarning, Tenant, inspect_secret};

use crate::ID;

#[test]
fn secrets_of_every_format_are_kept_byte_for_byte() {
    for secret in [
        "abc8Q~dEfGhIjKlMnOpQrStUvWxYz0123456789~",
        "Old+/=?[]@:*-_.Secret0123456789abcdef",
        "p~a+b&c%d=e f",
        "%41",
        "a%2Bb",
        "a;b",
        "\u{e9}",
        "\u{1f511}",
        "\"",
        "\\",
        "2b9b8e9f6a7d4c0f9e1d2c3b4a596877",
    ] {
        let (cleaned, warnings) =
            inspect_secret(secret, None, None, false).expect("an ordinary secret");
        assert_eq!(
            (cleaned.value, cleaned.notes, warnings),
            (secret, vec![], vec![]),
            "{secret:?}"
        );
    }
    for (pasted, kept) in [("abc\n", "abc"), ("abc\r\n", "abc"), (" abc ", " abc ")] {
        assert_eq!(
            inspect_secret(pasted, None, None, false)
                .expect("kept")
                .0
                .value,
            kept
        );
    }
}

#[test]
fn what_is_not_a_secret_is_refused_and_what_is_odd_is_warned_about() {
    let client_id = ID.parse().ok();
    let tenant = Tenant::parse_concrete("11112222-aaaa-2222-bbbb-3333cccc4444")
        .ok()
        .map(|read| read.value);
    let refused = [
        ("", SecretProblem::Empty),
        (" \r\n", SecretProblem::Empty),
        (
            "aaaa1111-aaaa-2222-bbbb-3333cccc4444",
            SecretProblem::SecretId,
        ),
        (ID, SecretProblem::SameAsClientId),
        (
            "11112222-aaaa-2222-bbbb-3333cccc4444",
            SecretProblem::SameAsTenant,
        ),
        ("abc*****", SecretProblem::Masked),
        ("abc******************", SecretProblem::Masked),
        ("\u{2022}\u{2022}\u{2022}\u{2022}", SecretProblem::Masked),
        ("Hidden", SecretProblem::Masked),
        (
            "-----BEGIN PRIVATE KEY-----\nMIIE",
            SecretProblem::Certificate,
        ),
    ];
    for (pasted, problem) in refused {
        let verdict = inspect_secret(pasted, client_id, tenant.as_ref(), false);
        assert_eq!(verdict.map(|_| ()), Err(problem), "{pasted:?}");
    }
    assert_eq!(
        inspect_secret(&"x".repeat(10_000), None, None, false).map(|_| ()),
        Err(SecretProblem::TooLong)
    );
    assert!(
        inspect_secret(
            "aaaa1111-aaaa-2222-bbbb-3333cccc4444",
            client_id,
            None,
            true
        )
        .is_ok(),
        "a person may insist"
    );

    let warned = [
        (
            "7E68655821A51480C60939D7AE26AC6FC0F5A9E2",
            SecretWarning::Thumbprint,
        ),
        ("abc ", SecretWarning::SpaceAround),
        ("a\u{200b}bc", SecretWarning::Invisible),
        (
            "audit 3417e4a4-1d1c-4f3f-8f6e-0a1b2c3d4e5f some words",
            SecretWarning::Several,
        ),
        (
            "id=3417e4a4-1d1c-4f3f-8f6e-0a1b2c3d4e5f secret=abc",
            SecretWarning::Several,
        ),
    ];
    for (pasted, warning) in warned {
        assert_eq!(
            inspect_secret(pasted, None, None, false)
                .expect("accepted")
                .1,
            vec![warning],
            "{pasted:?}"
        );
    }
}
