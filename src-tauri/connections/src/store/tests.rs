//! Tests of the store on a real disk.

mod damage;
mod older;
mod passing;
#[cfg(unix)]
mod place;
mod programs;
mod reports;

use jiff::Timestamp;
use model::{
    Account, CheckReport, ClientId, CloudId, Connection, ConnectionId, ConnectionName, Integration,
    Method, Need, Outcome, Status, Tenant, TenantId,
};
use tempfile::TempDir;
use uuid::{Uuid, uuid};

use super::{Kept, Renewal, Store};
use crate::Error;

#[tokio::test]
async fn a_connection_comes_back_as_it_was_kept() {
    let (_folder, store) = fresh();
    let mut registered = sample("Zürich ✓ audit");
    registered.last_checked_at = Some(Timestamp::from_second(1_800_000_000).unwrap());
    let mut signed_in = sample("Contoso");
    signed_in.method = Method::OAuth {
        client_id: ClientId::new(Uuid::now_v7()),
        tenant: Tenant::Organizations,
        account: Account {
            tenant_id: TenantId::new(Uuid::now_v7()),
            object_id: "an object".into(),
            username: Some("ada@contoso.example".into()),
            display_name: None,
        },
        granted: vec!["User.Read".into(), "Mail.Read".into()],
    };
    keep(&store, &registered).await.unwrap();
    keep(&store, &signed_in).await.unwrap();

    assert_eq!(
        store.list().await.unwrap(),
        [signed_in.clone(), registered.clone()],
        "in the order of their names"
    );
    assert_eq!(store.get(registered.id).await.unwrap(), registered);
    let nobody = store.get(ConnectionId::new(Uuid::now_v7())).await;
    assert!(matches!(nobody, Err(Error::NotFound)), "{nobody:?}");
}

#[tokio::test]
async fn a_name_is_taken_in_any_case_and_width() {
    let (_folder, store) = fresh();
    keep(&store, &sample("Contoso Audit")).await.unwrap();
    for same in [
        "contoso audit",
        "CONTOSO AUDIT",
        "Ｃｏｎｔｏｓｏ　Ａｕｄｉｔ",
    ] {
        let refused = keep(&store, &sample(same)).await;
        assert!(
            matches!(refused, Err(Error::NameTaken)),
            "{same}: {refused:?}"
        );
        assert!(
            store
                .name_taken(ConnectionName::parse(same).unwrap().key())
                .await
                .unwrap()
        );
    }
    assert!(
        !store
            .name_taken(ConnectionName::parse("Contoso").unwrap().key())
            .await
            .unwrap()
    );
    assert_eq!(store.list().await.unwrap().len(), 1);
}

#[tokio::test]
async fn what_a_sign_in_is_to_be_asked_for_goes_with_its_connection_by_whatever_way_it_goes() {
    let (_folder, store) = fresh();
    let [removed, ended, left, stays] = ["Removed", "Ended", "Left", "Stays"].map(sample);
    for connection in [&removed, &ended, &left, &stays] {
        keep(&store, connection).await.unwrap();
        store.keep_claims(connection.id, "asked").await.unwrap();
    }
    store.commit_remove(removed.id).await.unwrap();
    let deletion = store.set_aside(ended.id, Timestamp::now()).await.unwrap();
    store.end_deletion(&deletion).await.unwrap();
    drop(deletion);
    drop(store.set_aside(left.id, Timestamp::now()).await.unwrap());
    assert_eq!(
        store.claims(left.id).await.unwrap().as_deref(),
        Some("asked"),
        "it can still be brought back"
    );
    store.adopt_strays().await.unwrap();
    for gone in [&removed, &ended, &left] {
        assert_eq!(store.claims(gone.id).await.unwrap(), None, "{}", gone.name);
        store.keep_claims(gone.id, "too late").await.unwrap();
        assert_eq!(
            store.claims(gone.id).await.unwrap(),
            None,
            "{}: nothing is kept for nobody",
            gone.name
        );
    }
    assert_eq!(
        store.claims(stays.id).await.unwrap().as_deref(),
        Some("asked")
    );
    store.forget_claims(stays.id).await.unwrap();
    assert_eq!(store.claims(stays.id).await.unwrap(), None);
}

#[tokio::test]
async fn an_edit_keeps_to_what_may_be_edited() {
    let (_folder, store) = fresh();
    let connection = sample("Contoso");
    keep(&store, &connection).await.unwrap();
    let mut edited = connection.clone();
    edited.description = "New text".into();
    edited.tags = vec!["a".into(), "b".into()];
    edited.updated_at = Timestamp::from_second(1_800_000_000).unwrap();
    let day = jiff::civil::date(2027, 3, 1);
    edited.method = method(ClientId::new(Uuid::now_v7()), Some(day));
    edited.credential_version = 99;
    store.update_facts(&edited).await.unwrap();

    edited.method = method(connection.method.client_id(), Some(day));
    edited.credential_version = connection.credential_version;
    assert_eq!(store.get(connection.id).await.unwrap(), edited);
    assert!(matches!(
        store.update_facts(&sample("Nobody")).await,
        Err(Error::NotFound)
    ));
}

#[tokio::test]
async fn a_version_is_never_given_out_twice() {
    let (_folder, store) = fresh();
    let connection = sample("Contoso");
    keep(&store, &connection).await.unwrap();
    let given_up = store.begin_replace(connection.id, None).await.unwrap();
    let leftover = store.give_up(given_up).await.unwrap();
    store.forget(leftover.clone()).await.unwrap();
    let next = store.begin_replace(connection.id, None).await.unwrap();
    assert_eq!((leftover.version, next.version), (2, 3));
    let old = store
        .commit_replace(
            &next,
            Renewal::ByServer {
                method: connection.method.clone(),
            },
            Kept::InKeychain(None),
        )
        .await
        .unwrap();
    assert_eq!(
        old.unwrap().version,
        1,
        "the one that was current becomes obsolete"
    );
    assert_eq!(
        store.get(connection.id).await.unwrap().credential_version,
        3
    );
}

#[tokio::test]
async fn settings_are_kept_replaced_and_forgotten() {
    let (folder, store) = fresh();
    assert_eq!(store.setting("theme").await.unwrap(), None);
    store.set_setting("theme", Some("dark")).await.unwrap();
    store.set_setting("theme", Some("light")).await.unwrap();
    let again = Store::open(folder.path()).unwrap();
    assert_eq!(
        again.setting("theme").await.unwrap().as_deref(),
        Some("light")
    );
    store.set_setting("theme", None).await.unwrap();
    assert_eq!(again.setting("theme").await.unwrap(), None);
}

#[tokio::test]
async fn ten_thousand_connections_are_listed_in_the_order_of_an_index() {
    let (_folder, store) = fresh();
    let many = |db: &rusqlite::Transaction<'_>| {
        for n in 0..10_000 {
            super::rows::insert(
                db,
                &sample(&format!("Connection {:05}", (n * 7_919) % 10_000)),
            )?;
        }
        Ok(())
    };
    store.write(many).await.unwrap();
    let listed = store.list().await.unwrap();
    assert_eq!(listed.len(), 10_000);
    assert!(listed.is_sorted_by_key(|connection| connection.name.key()));
    let plan = store.read(|db| {
        let sql = format!("EXPLAIN QUERY PLAN {}", super::rows::LIST);
        let mut query = db.prepare(&sql)?;
        let steps = query
            .query_map([], |row| row.get::<_, String>(3))?
            .collect::<Result<Vec<_>, _>>()?;
        Ok(steps.join("; "))
    });
    let plan = plan.await.unwrap();
    assert!(
        plan.contains("USING INDEX") && !plan.contains("TEMP B-TREE"),
        "{plan}"
    );
}

#[tokio::test]
async fn what_a_connection_is_meant_to_do_is_read_back() {
    let (folder, store) = fresh();
    for (name, need) in [
        ("Reads", Need::ReadOnly),
        ("Writes", Need::ReadWrite),
        (
            "Chosen",
            Need::Own {
                names: vec!["AuditLog.Read.All".into(), "User.Read.All".into()],
            },
        ),
    ] {
        let connection = Connection {
            need,
            ..sample(name)
        };
        keep(&store, &connection).await.unwrap();
        assert_eq!(
            Store::open(folder.path())
                .unwrap()
                .get(connection.id)
                .await
                .unwrap(),
            connection
        );
    }
}

/// An empty store in a folder of its own.
pub(crate) fn fresh() -> (TempDir, Store) {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path()).unwrap();
    (folder, store)
}

/// A connection that has just been created.
pub(crate) fn sample(name: &str) -> Connection {
    let now = Timestamp::from_second(1_790_000_000).unwrap();
    Connection {
        id: ConnectionId::new(Uuid::now_v7()),
        name: ConnectionName::parse(name).unwrap(),
        integration: Integration::EntraId,
        cloud: CloudId::new("global"),
        method: method(
            ClientId::new(uuid!("11112222-bbbb-3333-cccc-4444dddd5555")),
            None,
        ),
        description: "What it is for".into(),
        tags: vec!["audit".into()],
        created_at: now,
        updated_at: now,
        credential_version: 1,
        scripts_may_use: false,
        scripts_may_have_secret: false,
        status: Status::NeverTested,
        last_checked_at: None,
        not_tested: None,
        secret_expires_at: None,
        secret_expired: false,
        awaits_consent: false,
        sealed: false,
        tenant_name: None,
        need: Need::default(),
    }
}

fn method(client_id: ClientId, secret_expires_on: Option<jiff::civil::Date>) -> Method {
    let tenant_id = TenantId::new(uuid!("aaaabbbb-0000-cccc-1111-dddd2222eeee"));
    Method::AppRegistration {
        client_id,
        tenant_id,
        domain: None,
        secret_expires_on,
    }
}

/// Adds a connection without a keychain.
async fn keep(store: &Store, connection: &Connection) -> Result<(), Error> {
    let change = store.begin_create(connection, None).await?;
    store
        .commit_create(&change, connection, Kept::InKeychain(None))
        .await
}

/// The report of a check that passed.
pub(crate) fn report(second: i64) -> CheckReport {
    CheckReport {
        started_at: Timestamp::from_second(1_790_000_000 + second).unwrap(),
        took_ms: 12,
        outcome: Outcome::Works,
        headline: "Connected.".into(),
        findings: Vec::new(),
        permissions: Vec::new(),
        tenant_name: None,
        app_name: None,
        secret_expires_on: None,
        again_after_s: None,
        not_tested: None,
        not_kept: None,
        secret_expires_at: None,
        secret_expired: false,
    }
}
