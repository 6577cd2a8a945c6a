//! Stores of older formats.

use model::{Need, PermissionState, Step};

use super::{fresh, keep, sample};
use crate::store::Store;

/// A report as format 1 kept it.
const OLD_REPORT: &str = r#"{"startedAt":"2026-11-24T08:00:00Z","tookMs":12,"outcome":"worksWithGaps","headline":"Connected.",
"findings":[{"step":"host","state":"passed","ms":3,"summary":"It answered.","evidence":null,"next":null,"original":null}],
"permissions":[{"name":"User.Read","kind":"delegated","purpose":"Read","state":"granted"},
{"name":"Mail.Read","kind":"delegated","purpose":"Read mail","state":"missing"}]}"#;

#[tokio::test]
async fn a_report_of_the_first_format_is_read_with_the_steps_and_permissions_of_today() {
    let (folder, store) = fresh();
    let connection = sample("Contoso");
    keep(&store, &connection).await.unwrap();
    drop(store);
    let database = rusqlite::Connection::open(folder.path().join("connections.db")).unwrap();
    let id = connection.id.to_string();
    let old = OLD_REPORT.replace('\n', "");
    database
        .execute(
            "INSERT INTO checks (connection, started_at, report) VALUES (?1, '', ?2)",
            [id, old],
        )
        .unwrap();
    undo_since_1(&database);
    database.pragma_update(None, "user_version", 1).unwrap();
    database.close().unwrap();

    let store = Store::open(folder.path()).unwrap();
    assert_eq!(
        store.list().await.unwrap(),
        std::slice::from_ref(&connection)
    );
    assert_eq!(
        connection.need,
        Need::ReadWrite,
        "it goes on being for everything"
    );
    let report = store.last_report(connection.id).await.unwrap().unwrap();
    assert_eq!(report.findings[0].step, Step::Connection);
    let states: Vec<_> = report
        .permissions
        .iter()
        .map(|permission| permission.state)
        .collect();
    assert_eq!(states, [PermissionState::Granted, PermissionState::Missing]);
    assert!(
        report
            .permissions
            .iter()
            .all(|permission| permission.required_by.is_empty())
    );
}

#[tokio::test]
async fn a_report_that_cannot_be_read_keeps_no_store_of_an_older_format_from_being_opened() {
    for (damaged, what) in [
        ("{\"startedAt\":", "cut short"),
        ("", "empty"),
        ("[1]", "no report"),
        (
            r#"{"permissions":["User.Read"]}"#,
            "a permission that is none",
        ),
    ] {
        for format in [1, 6] {
            let (folder, store) = fresh();
            let connection = sample("Contoso");
            keep(&store, &connection).await.unwrap();
            drop(store);
            let database =
                rusqlite::Connection::open(folder.path().join("connections.db")).unwrap();
            let id = connection.id.to_string();
            let insert = "INSERT INTO checks (connection, started_at, report) VALUES (?1, '', ?2)";
            database
                .execute(insert, [id.as_str(), &OLD_REPORT.replace('\n', "")])
                .unwrap();
            database.execute(insert, [id.as_str(), damaged]).unwrap();
            if format == 1 {
                undo_since_1(&database)
            } else {
                undo_since_6(&database)
            }
            database
                .pragma_update(None, "user_version", format)
                .unwrap();
            database.close().unwrap();

            let store = Store::open(folder.path())
                .unwrap_or_else(|error| panic!("{what}, format {format}: {error:?}"));
            assert_eq!(
                store.list().await.unwrap(),
                [connection],
                "{what}, format {format}"
            );
        }
    }
}

#[tokio::test]
async fn where_scripts_could_use_a_connection_of_the_third_format_they_still_can_but_not_have_its_secret()
 {
    let (folder, store) = fresh();
    let connection = sample("Contoso");
    keep(&store, &connection).await.unwrap();
    store.let_scripts_use(connection.id, true).await.unwrap();
    store
        .let_scripts_have_secret(connection.id, true)
        .await
        .unwrap();
    drop(store);
    let database = rusqlite::Connection::open(folder.path().join("connections.db")).unwrap();
    database
        .execute_batch("ALTER TABLE connections DROP COLUMN scripts_may_have_secret")
        .unwrap();
    undo_since_4(&database);
    database.pragma_update(None, "user_version", 3).unwrap();
    database.close().unwrap();

    let store = Store::open(folder.path()).unwrap();
    let upgraded = store.get(connection.id).await.unwrap();
    assert_eq!(
        (upgraded.scripts_may_use, upgraded.scripts_may_have_secret),
        (true, false)
    );
}

/// Takes away what the steps after the first have added.
fn undo_since_1(database: &rusqlite::Connection) {
    database
        .execute_batch(
            "DROP TABLE watches; DROP TABLE waits; ALTER TABLE connections DROP COLUMN tenant_name; \
             ALTER TABLE uses DROP COLUMN scope; \
             ALTER TABLE connections DROP COLUMN scripts_may_have_secret",
        )
        .unwrap();
    undo_since_4(database);
}

/// Takes away what the steps after the fourth have added.
fn undo_since_4(database: &rusqlite::Connection) {
    database
        .execute_batch(
            "ALTER TABLE connections DROP COLUMN keychain_program; \
             ALTER TABLE connections DROP COLUMN keychain_collection; \
             ALTER TABLE pending DROP COLUMN keychain_program; ALTER TABLE pending DROP COLUMN keychain_collection; \
             ALTER TABLE connections DROP COLUMN not_tested; ALTER TABLE connections DROP COLUMN secret_expires_at; \
             ALTER TABLE connections DROP COLUMN secret_expired",
        )
        .unwrap();
    undo_since_6(database);
}

/// Takes away what the steps after the sixth have added.
fn undo_since_6(database: &rusqlite::Connection) {
    database
        .execute_batch(
            "DROP TABLE sealed_secrets; ALTER TABLE connections DROP COLUMN need; \
             ALTER TABLE connections DROP COLUMN deleted_at; ALTER TABLE connections DROP COLUMN reports_after",
        )
        .unwrap();
}
