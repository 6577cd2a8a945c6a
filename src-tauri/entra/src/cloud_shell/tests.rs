//! The scripts are run, with a program in the place of `az` that writes down how it was called.

#![cfg(unix)]

use std::{
    collections::BTreeMap,
    fs,
    os::unix::fs::PermissionsExt,
    process::{Command, Output},
};

use model::{Integration, PermissionKind};
use tempfile::TempDir;

use super::cloud_shell_script;
use crate::cloud::Clouds;

const APP: &str = "22222222-aaaa-4aaa-8aaa-222222222222";
const TENANT: &str = "11111111-aaaa-4aaa-8aaa-111111111111";

#[test]
fn every_script_is_well_formed() {
    for cloud in Clouds::built_in().iter() {
        for integration in Integration::ALL {
            for kind in [PermissionKind::Application, PermissionKind::Delegated] {
                let script = cloud_shell_script(
                    cloud,
                    "Contoso audit",
                    &integration.permissions(kind),
                    kind,
                );
                let folder = TempDir::new().unwrap();
                let file = folder.path().join("script");
                fs::write(&file, &script).unwrap();
                let checked = Command::new("bash").arg("-n").arg(&file).output().unwrap();
                assert!(
                    checked.status.success() && checked.stderr.is_empty(),
                    "{integration:?}: {checked:?}"
                );
                assert!(
                    !script.contains("@GRAPH@") && !script.contains("@NAME@"),
                    "{script}"
                );
                let listed = script
                    .lines()
                    .filter(|line| line.starts_with("    '") && line.ends_with('\''))
                    .count();
                assert_eq!(
                    listed,
                    integration.permissions(kind).len(),
                    "the least permissions and no others"
                );
            }
        }
    }
}

#[test]
fn the_first_run_creates_registers_and_grants_and_prints_what_the_form_takes() {
    let shell = Shell::new("global");
    let ran = shell.run(
        "Contoso audit",
        Integration::DefenderXdr,
        PermissionKind::Application,
    );
    let printed = json(&ran);
    assert_eq!(printed["appId"], APP);
    assert_eq!(printed["password"], "mad8Q~up-by-a-test");
    assert_eq!(printed["tenant"], TENANT);
    assert_eq!(printed.len(), 3, "only what the form takes");

    let calls = shell.calls();
    let permissions = Integration::DefenderXdr.permissions(PermissionKind::Application);
    let add = calls
        .iter()
        .find(|call| call.starts_with(&words("ad app permission add")))
        .expect("registered");
    for permission in &permissions {
        let id = permission.application_id.unwrap();
        assert!(
            add.contains(&format!("{id}=Role")),
            "{} is registered: {add:?}",
            permission.name
        );
        let granted = |call: &&Vec<String>| {
            call.iter()
                .any(|word| word.contains(&format!("\"appRoleId\":\"{id}\"")))
        };
        assert_eq!(
            calls.iter().filter(granted).count(),
            1,
            "{} is granted once",
            permission.name
        );
    }
    let reset = calls.last().unwrap();
    assert!(
        reset.starts_with(&words("ad app credential reset"))
            && reset.contains(&"--append".to_owned())
    );
    assert!(
        !calls
            .iter()
            .any(|call| call.contains(&"admin-consent".to_owned()))
    );
}

#[test]
fn a_second_run_makes_nothing_twice_but_the_secret() {
    let shell = Shell::new("global");
    let permissions = Integration::DefenderXdr.permissions(PermissionKind::Application);
    let ids: Vec<String> = permissions
        .iter()
        .map(|p| p.application_id.unwrap().to_string())
        .collect();
    shell.put("found", APP);
    shell.put("registered", &ids.join("\n"));
    shell.put("granted", &ids.join("\n"));
    shell.put("principal", "33333333-aaaa-4aaa-8aaa-333333333333");
    let ran = shell.run(
        "Contoso audit",
        Integration::DefenderXdr,
        PermissionKind::Application,
    );
    assert_eq!(json(&ran)["appId"], APP);
    let calls = shell.calls();
    let changes = calls.iter().filter(|call| {
        call.iter()
            .any(|word| ["POST", "add", "create"].contains(&word.as_str()))
    });
    assert_eq!(changes.count(), 0, "{calls:?}");
}

#[test]
fn who_may_not_grant_still_gets_the_secret_and_hears_what_is_missing() {
    let shell = Shell::new("global");
    shell.put("refuse", "");
    let ran = shell.run(
        "Contoso audit",
        Integration::EDiscovery,
        PermissionKind::Application,
    );
    assert_eq!(json(&ran)["appId"], APP);
    let said = String::from_utf8_lossy(&ran.stderr);
    assert!(
        said.contains("NOT granted: eDiscovery.ReadWrite.All"),
        "{said}"
    );
    assert!(said.contains("Privileged Role Administrator"), "{said}");
}

#[test]
fn a_shell_in_another_cloud_and_a_name_that_stands_twice_are_refused_before_anything_is_changed() {
    let shell = Shell::new("usgov-dod");
    shell.put("graph", "https://graph.microsoft.us/");
    let ran = shell.run(
        "Contoso audit",
        Integration::Intune,
        PermissionKind::Application,
    );
    let said = String::from_utf8_lossy(&ran.stderr).into_owned();
    assert!(!ran.status.success() && ran.stdout.is_empty(), "{ran:?}");
    assert!(
        said.contains("az cloud set --name AzureUSGovernment") && said.contains("dod-graph"),
        "{said}"
    );
    assert_eq!(shell.calls().len(), 1, "only the cloud was looked at");

    let shell = Shell::new("global");
    shell.put("found", "one\ntwo");
    let ran = shell.run(
        "Contoso audit",
        Integration::Intune,
        PermissionKind::Application,
    );
    assert!(!ran.status.success() && ran.stdout.is_empty(), "{ran:?}");
    assert!(
        shell
            .calls()
            .iter()
            .all(|call| !call.contains(&"POST".to_owned()))
    );
}

#[test]
fn for_sign_ins_it_makes_a_public_client_without_a_secret_and_keeps_other_redirects() {
    let shell = Shell::new("global");
    let ran = shell.run(
        "Contoso mail",
        Integration::Outlook,
        PermissionKind::Delegated,
    );
    let printed = json(&ran);
    assert_eq!(
        (
            printed["appId"].as_str(),
            printed["tenant"].as_str(),
            printed.len()
        ),
        (APP, TENANT, 2)
    );
    let calls = shell.calls();
    assert!(
        !calls
            .iter()
            .any(|call| call.contains(&"credential".to_owned())
                || call.contains(&"grant".to_owned()))
    );
    let update = calls
        .iter()
        .find(|call| call.starts_with(&words("ad app update")))
        .expect("the redirect is put in");
    assert!(
        update.ends_with(&words("--public-client-redirect-uris http://localhost")),
        "{update:?}"
    );

    let shell = Shell::new("global");
    shell.put("found", APP);
    shell.put(
        "redirects",
        "https://contoso.example/back\nhttp://localhost:1234",
    );
    shell.run(
        "Contoso mail",
        Integration::Outlook,
        PermissionKind::Delegated,
    );
    let calls = shell.calls();
    let update = calls
        .iter()
        .find(|call| call.starts_with(&words("ad app update")))
        .expect("the redirect is put in");
    assert!(
        update.ends_with(&words(
            "https://contoso.example/back http://localhost:1234 http://localhost"
        )),
        "{update:?}"
    );
}

#[test]
fn a_hostile_name_arrives_as_it_is_and_does_nothing() {
    let trap = TempDir::new().unwrap();
    let touched = trap.path().join("touched");
    let file = touched.display();
    let hostile = [
        format!("'; touch {file}; '"),
        format!("$(touch {file})`touch {file}`"),
        format!("\n touch {file} \n"),
        "@/etc/passwd".to_owned(),
        "a=@/etc/passwd".to_owned(),
        "--help".to_owned(),
        "\"; !! \\ %s %n {0} ${7*7} {{7*7}}".to_owned(),
        "O'Brien's \u{202e}app\u{200b} Straße 👩‍👩‍👧".to_owned(),
        "@GRAPH@ @NAME@ @BODY@".to_owned(),
    ];
    for name in hostile {
        let shell = Shell::new("global");
        let ran = shell.run(&name, Integration::OneNote, PermissionKind::Application);
        assert_eq!(json(&ran)["appId"], APP, "{name:?}");
        assert!(!touched.exists(), "{name:?} was run");
        let calls = shell.calls();
        let body = calls
            .iter()
            .flatten()
            .find(|word| word.contains("displayName\""))
            .expect("a body");
        assert!(
            !body.contains('@') && !body.contains('!') && !body.contains('\''),
            "{body}"
        );
        let created: BTreeMap<String, String> = serde_json::from_str(body).unwrap();
        assert_eq!(created["displayName"], super::cleaned(&name));
        let looked = calls
            .iter()
            .flatten()
            .find(|word| word.contains("$filter="))
            .expect("a search");
        let looked =
            form_urlencoded::parse(looked.split_once('?').unwrap().1.as_bytes()).into_owned();
        let filter = looked
            .into_iter()
            .find(|(key, _)| key == "$filter")
            .unwrap()
            .1;
        assert_eq!(
            filter,
            format!(
                "displayName eq '{}'",
                super::cleaned(&name).replace('\'', "''")
            )
        );
    }
    assert_eq!(super::cleaned(" \u{202e}\n\u{200b} "), "Graph Connect");
    assert_eq!(super::cleaned(&"x".repeat(10_000)).len(), 120);
}

/// A shell in which `az` is a program of ours.
struct Shell {
    folder: TempDir,
    cloud: &'static str,
}

impl Shell {
    fn new(cloud: &'static str) -> Self {
        let shell = Self {
            folder: TempDir::new().unwrap(),
            cloud,
        };
        shell.put("az", include_str!("az.sh"));
        fs::set_permissions(
            shell.folder.path().join("az"),
            fs::Permissions::from_mode(0o755),
        )
        .unwrap();
        shell.put("graph", "https://graph.microsoft.com/");
        shell
    }

    fn put(&self, file: &str, text: &str) {
        fs::write(self.folder.path().join(file), text).unwrap();
    }

    fn run(&self, name: &str, integration: Integration, kind: PermissionKind) -> Output {
        let clouds = Clouds::built_in();
        let cloud = clouds.get(&model::CloudId::new(self.cloud)).unwrap();
        self.put(
            "script",
            &cloud_shell_script(cloud, name, &integration.permissions(kind), kind),
        );
        let path = format!(
            "{}:{}",
            self.folder.path().display(),
            std::env::var("PATH").unwrap()
        );
        let script = self.folder.path().join("script");
        Command::new("bash")
            .arg(script)
            .env("PATH", path)
            .current_dir(self.folder.path())
            .output()
            .unwrap()
    }

    /// How `az` was called, word by word.
    fn calls(&self) -> Vec<Vec<String>> {
        let calls = fs::read_to_string(self.folder.path().join("calls")).unwrap();
        let calls = calls.trim_end_matches('\0').split("\0\0");
        calls
            .map(|call| call.split('\0').map(str::to_owned).collect())
            .collect()
    }
}

fn words(line: &str) -> Vec<String> {
    line.split(' ').map(str::to_owned).collect()
}

fn json(ran: &Output) -> BTreeMap<String, String> {
    let said = String::from_utf8_lossy(&ran.stderr);
    serde_json::from_slice(&ran.stdout).unwrap_or_else(|error| panic!("{error}: {ran:?} {said}"))
}
