//! Secrets that are given to `add app` and `renew`: out of files, and another application's.

use demo_tenant::fixtures;
use keychain::testing::{Bus, inside};

use crate::{
    NAME, add_app, fed, fed_bytes,
    place::{Place, terminal::Terminal, text},
    secret_of,
};

#[test]
fn a_secret_is_read_out_of_the_files_that_people_keep_it_in() {
    inside(Bus::Ordinary, || {
        let place = Place::with(NAME);
        let (id, secret) = (fixtures::HEALTHY.to_string(), secret_of(&place));
        let sixteen: Vec<u8> = format!("\u{feff}{secret}\r\n")
            .encode_utf16()
            .flat_map(u16::to_le_bytes)
            .collect();
        let files: [Vec<u8>; 6] = [
            format!("\u{feff}{secret}\r\n").into_bytes(),
            format!(
                "{{\"appId\": \"{id}\", \"password\": \"{secret}\", \"tenant\": \"{}\"}}",
                fixtures::CONTOSO
            )
            .into_bytes(),
            format!("export AZURE_CLIENT_SECRET=\"{secret}\"\n").into_bytes(),
            format!("demo\t11/20/2027\t{secret}\t11112222-bbbb-3333-cccc-4444dddd5555\n")
                .into_bytes(),
            format!("  {secret}  \nuser: contoso\n").into_bytes(),
            sixteen,
        ];
        for (at, file) in files.iter().enumerate() {
            let name = format!("File {at}");
            let added = fed_bytes(&place, &add_app(&name, &id), file);
            assert!(added.status.success(), "{name}: {added:?}");
            assert!(
                !text(&added.stdout).contains(&secret) && !text(&added.stderr).contains(&secret)
            );
        }
    });
}

#[test]
fn what_holds_no_secret_or_another_applications_is_refused_by_name() {
    inside(Bus::Ordinary, || {
        let place = Place::with(NAME);
        let (id, secret) = (fixtures::HEALTHY.to_string(), secret_of(&place));
        let other = fixtures::EXPIRED;
        for (input, said) in [
            (
                format!("{{\"appId\": \"{id}\"}}").into_bytes(),
                "no client secret",
            ),
            (
                format!("{{\"appId\": \"{other}\", \"password\": \"{secret}\"}}").into_bytes(),
                "which is another one",
            ),
            (
                "11112222-bbbb-3333-cccc-4444dddd5555\n"
                    .to_owned()
                    .into_bytes(),
                "Secret ID",
            ),
            (vec![0x80, 0x81, 0x82], "UTF-8"),
            (vec![b'a'; 70_000], "more than 64 KiB"),
        ] {
            let refused = fed_bytes(&place, &add_app("Second", &id), &input);
            assert_eq!(refused.status.code(), Some(2), "{refused:?}");
            assert!(text(&refused.stderr).contains(said), "{said}: {refused:?}");
            assert!(!text(&refused.stderr).contains(&secret));
        }
        let dates = [add_app("Second", &id), vec!["--expires", "03/05/2027"]].concat();
        let refused = fed(&place, &dates, &secret);
        assert_eq!(refused.status.code(), Some(2), "{refused:?}");
        assert!(
            text(&refused.stderr).contains("5 March 2027 or 3 May 2027"),
            "{refused:?}"
        );
    });
}

#[test]
fn ctrl_c_at_the_question_whether_to_replace_anyway_keeps_the_old_secret() {
    inside(Bus::Ordinary, || {
        let place = Place::with(NAME);
        let mut terminal = Terminal::open(&place);
        terminal.types(&format!("\"$P\" renew '{NAME}'; echo co''de $?\n"));
        terminal.types("Xy1~0000000000000000000000000000000000wrong\n");
        terminal.until("The old one is kept.");
        terminal.types("\x03");
        let said = terminal.until("code 1");
        assert!(said.contains("cancelled; the old one is kept"), "{said}");
        terminal.exits();
        assert!(place.run(&["check", NAME]).status.success());
    });
}

#[test]
fn a_secret_that_comes_with_another_applications_id_is_refused_before_anything_is_sent() {
    inside(Bus::Ordinary, || {
        let place = Place::with(NAME);
        let of =
            |app: &str, secret: &str| format!(r#"{{"appId": "{app}", "password": "{secret}"}}"#);
        let other = "00001111-aaaa-2222-bbbb-3333cccc4444";
        let refused = fed(&place, &["renew", NAME], &of(other, &secret_of(&place)));
        assert_eq!(
            (refused.status.code(), place.token_requests()),
            (Some(2), 0),
            "{refused:?}"
        );
        assert!(text(&refused.stderr).contains(other), "{refused:?}");
        let own = fed(
            &place,
            &["renew", NAME],
            &of(&fixtures::HEALTHY.to_string(), &secret_of(&place)),
        );
        assert!(own.status.success(), "{own:?}");
    });
}
