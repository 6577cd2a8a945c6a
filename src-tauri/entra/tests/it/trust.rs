//! What `SSL_CERT_FILE` and `SSL_CERT_DIR` name is trusted or refused by name, and loopback without
//! TLS goes on.

use entra::{Error, discover};

use crate::{
    authority::{Authority, custom_cloud, http, tenant},
    process::delegated,
    tls::{authority_named, certificate, serve},
};

const NAME: &str = "trust::certificates_that_a_variable_names_are_trusted_or_the_variable_the_path_and_the_reason_are_said";

// Only Unix reads certificates that a variable names.
#[cfg(unix)]
#[test]
fn certificates_that_a_variable_names_are_trusted_or_the_variable_the_path_and_the_reason_are_said()
{
    let runtime = tokio::runtime::Runtime::new().unwrap();
    if std::env::var_os("ENTRA_TEST_CHILD").is_some() {
        return runtime.block_on(visit());
    }
    let authority = authority_named("Graph Connect Test CA");
    let base = runtime.block_on(serve(certificate("localhost", &authority, |_| {})));
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, bytes: &[u8]| {
        let file = folder.path().join(name);
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        std::fs::write(&file, bytes).unwrap();
        file.to_str().unwrap().to_owned()
    };
    let pem = write("pem", authority.pem().as_bytes());
    let marked = write("marked", format!("\u{feff}{}", authority.pem()).as_bytes());
    let (der, words, empty) = (
        write("der", authority.der()),
        write("words", b"no certificate"),
        write("empty", b""),
    );
    let broken = write(
        "broken",
        b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
    );
    let (inside, nothing) = (folder.path().join("inside"), folder.path().join("nothing"));
    write("inside/a.pem", authority.pem().as_bytes());
    write("inside/readme.txt", b"no certificate");
    std::fs::create_dir(&nothing).unwrap();
    let (inside, nothing) = (inside.to_str().unwrap(), nothing.to_str().unwrap());
    let both = format!("/nonexistent:{inside}");
    for (file, folders, said) in [
        (pem.as_str(), "", "trusted"),
        (&marked, "", "trusted"),
        ("", inside, "trusted"),
        ("", &both, "trusted"),
        (&pem, nothing, "trusted"),
        ("", "", "does not trust"),
        (
            "/nonexistent",
            "",
            "SSL_CERT_FILE names /nonexistent, which cannot be used: it does not exist.",
        ),
        ("/nonexistent", inside, "SSL_CERT_FILE names /nonexistent"),
        (&der, "", "it is in DER form; it has to be PEM"),
        (&words, "", "there is no certificate in it"),
        (&broken, "", "there is no certificate in it"),
        (&empty, "", "it is empty"),
        (inside, "", "it is a folder"),
        ("/dev/zero", "", "it is not an ordinary file"),
        ("", nothing, "SSL_CERT_DIR names"),
        ("", "/nonexistent", "SSL_CERT_DIR names /nonexistent"),
    ] {
        let variables = [
            ("SSL_CERT_FILE", file),
            ("SSL_CERT_DIR", folders),
            ("BASE", base.as_str()),
            ("SAID", said),
        ];
        assert!(delegated(NAME, &variables), "{file} {folders}");
    }
}

/// Runs where the variables are set, and `SAID` is a part of what has to be said.
async fn visit() {
    let (base, said) = (
        std::env::var("BASE").unwrap(),
        std::env::var("SAID").unwrap(),
    );
    let result = discover(&http(), &custom_cloud(&base, &base), &tenant()).await;
    match (said.as_str(), result) {
        ("trusted", result) => drop(result.unwrap()),
        ("does not trust", Err(error)) => assert!(matches!(&error, Error::Tls { .. }), "{error}"),
        (said, Err(error)) => {
            assert!(
                matches!(&error, Error::NoCertificates { .. }) && error.is_network(),
                "{error}"
            );
            assert!(error.to_string().contains(said), "{error}");
            assert!(
                error.help().next.contains("unset the variable"),
                "{:?}",
                error.help()
            );
        }
        (said, Ok(_)) => panic!("{said}: it was trusted"),
    }
    // Without TLS nothing has to be trusted.
    let authority = Authority::start().await;
    discover(&http(), &authority.cloud(), &tenant())
        .await
        .unwrap();
}
