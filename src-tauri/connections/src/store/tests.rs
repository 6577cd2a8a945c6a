//! Tests of the store on a real disk.

mod damage;
mod older;
mod passing;
#[cfg(unix)]
mod place;

use std::time::Duration;

use jiff::Timestamp;
use model::{
    Account, CheckReport, ClientId, CloudId, Connection, ConnectionId, ConnectionName, Finding,
    Integration, Method, Need, Outcome, Status, Step, StepState, Tenant, TenantId,
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
async fn what_a_check_learns_is_kept_and_the_tenants_day_goes_before_the_one_that_a_person_entered()
{
    let (_folder, store) = fresh();
    let (entered, told) = (jiff::civil::date(2027, 5, 1), jiff::civil::date(2028, 5, 1));
    let mut connection = sample("Contoso");
    connection.method = method(connection.method.client_id(), Some(entered));
    keep(&store, &connection).await.unwrap();
    let hour = "2028-05-01T10:30:00Z".parse().ok();
    let named = CheckReport {
        tenant_name: Some("Contoso".into()),
        ..report(1)
    };
    let learnt = CheckReport {
        secret_expires_on: Some(told),
        secret_expires_at: hour,
        ..named
    };
    store
        .record_check(connection.id, learnt, Status::Healthy)
        .await
        .unwrap();
    store
        .record_check(connection.id, report(2), Status::Healthy)
        .await
        .unwrap();
    let kept = store.get(connection.id).await.unwrap();
    assert_eq!(
        kept.tenant_name.as_deref(),
        Some("Contoso"),
        "a check that could not read the name forgets none"
    );
    assert_eq!(
        kept.method,
        method(connection.method.client_id(), Some(told))
    );
    assert_eq!(kept.secret_expires_at, hour, "and no hour");
    assert_eq!(
        kept.updated_at, connection.updated_at,
        "a check changes nothing of what a person wrote"
    );
}

#[tokio::test]
async fn a_secret_that_has_expired_is_known_to_have_until_it_is_accepted_or_another_takes_its_place()
 {
    let (_folder, store) = fresh();
    let connection = sample("Contoso");
    keep(&store, &connection).await.unwrap();
    let refused = CheckReport {
        outcome: Outcome::Fails,
        secret_expired: true,
        ..report(1)
    };
    let without = |state| CheckReport {
        outcome: Outcome::Fails,
        findings: vec![finding(Step::Credential, state)],
        ..report(2)
    };
    let expired = async |report| {
        store
            .record_check(connection.id, report, Status::Failing)
            .await
            .unwrap();
        store.get(connection.id).await.unwrap().secret_expired
    };
    assert!(expired(refused.clone()).await);
    assert!(
        expired(without(StepState::Skipped)).await,
        "nobody asked for a token"
    );
    assert!(
        expired(CheckReport {
            outcome: Outcome::NeedsSignIn,
            ..report(3)
        })
        .await,
        "it is not in the keychain"
    );
    assert!(
        expired(without(StepState::Failed)).await,
        "refused for another reason"
    );
    assert!(
        !expired(without(StepState::Passed)).await,
        "it was accepted, whatever failed after that"
    );

    assert!(expired(refused).await);
    let next = store.begin_replace(connection.id, None).await.unwrap();
    let (method, at) = (connection.method.clone(), connection.updated_at);
    store
        .commit_replace(
            &next,
            Renewal::ByPerson {
                method,
                at,
                tested: None,
            },
            Kept::InKeychain(None),
        )
        .await
        .unwrap();
    assert!(
        !store.get(connection.id).await.unwrap().secret_expired,
        "the new one has not"
    );
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
async fn two_who_claim_one_name_at_once_do_not_both_get_it() {
    let (_folder, store) = fresh();
    let (one, other) = (sample("Contoso"), sample("contoso"));
    let (first, second) = (
        store.begin_create(&one, None).await.unwrap(),
        store.begin_create(&other, None).await.unwrap(),
    );
    store
        .commit_create(&first, &one, Kept::InKeychain(None))
        .await
        .unwrap();
    assert!(matches!(
        store
            .commit_create(&second, &other, Kept::InKeychain(None))
            .await,
        Err(Error::NameTaken)
    ));
    assert_eq!(store.list().await.unwrap(), [one]);
}

#[tokio::test]
async fn fifty_reports_are_kept_newest_first_and_go_with_the_connection() {
    let (_folder, store) = fresh();
    let connection = sample("Contoso");
    keep(&store, &connection).await.unwrap();
    for second in 1..=55 {
        store
            .record_check(connection.id, report(second), Status::Healthy)
            .await
            .unwrap();
    }
    let reports = store.reports(connection.id, 100).await.unwrap();
    assert_eq!(reports.len(), 50);
    assert_eq!(reports.first(), Some(&report(55)));
    assert_eq!(reports.last(), Some(&report(6)));
    assert_eq!(
        store.last_report(connection.id).await.unwrap(),
        Some(report(55))
    );
    let listed = store.get(connection.id).await.unwrap();
    assert_eq!(
        (listed.status, listed.last_checked_at),
        (Status::Healthy, Some(report(55).started_at))
    );

    store.commit_remove(connection.id).await.unwrap();
    assert_eq!(store.reports(connection.id, 100).await.unwrap(), []);
    let late = store
        .record_check(connection.id, report(56), Status::Failing)
        .await;
    assert!(
        matches!(late, Err(Error::NotFound)),
        "a check that ends after the removal is not kept: {late:?}"
    );
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

#[tokio::test(flavor = "multi_thread")]
async fn several_programs_write_at_once_and_nobody_is_turned_away() {
    let (folder, store) = fresh();
    let writers = (0..4).map(|writer| {
        // A store opened anew is to SQLite what another process is.
        let store = Store::open(folder.path()).unwrap();
        tokio::spawn(async move {
            for n in 0..25 {
                keep(&store, &sample(&format!("Connection {writer}-{n}")))
                    .await
                    .unwrap();
            }
        })
    });
    for writer in writers.collect::<Vec<_>>() {
        writer.await.unwrap();
    }
    assert_eq!(store.list().await.unwrap().len(), 100);
}

#[tokio::test]
async fn a_program_that_keeps_the_store_locked_is_reported_and_not_waited_for() {
    let (folder, store) = fresh();
    let impatient =
        |db: &rusqlite::Transaction<'_>| Ok(db.busy_timeout(Duration::from_millis(50))?);
    store.read(impatient).await.unwrap();
    let other = rusqlite::Connection::open(folder.path().join("connections.db")).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    let refused = keep(&store, &sample("Contoso")).await;
    assert!(matches!(refused, Err(Error::StoreBusy)), "{refused:?}");
    assert_eq!(store.list().await.unwrap(), [], "reading goes on");
    other.execute_batch("ROLLBACK").unwrap();
    keep(&store, &sample("Contoso")).await.unwrap();
}

#[tokio::test]
async fn a_change_that_another_program_took_for_dead_is_not_committed() {
    let (_folder, store) = fresh();
    let connection = sample("Contoso");
    let change = store.begin_create(&connection, None).await.unwrap();
    store.adopt_strays().await.unwrap();
    assert_eq!(
        store.leftovers().await.unwrap(),
        [],
        "a running change is left alone"
    );
    let adopt =
        |db: &rusqlite::Transaction<'_>| Ok(db.execute("UPDATE pending SET state = 'stray'", [])?);
    store.write(adopt).await.unwrap();
    let refused = store
        .commit_create(&change, &connection, Kept::InKeychain(None))
        .await;
    assert!(matches!(refused, Err(Error::Overtaken)), "{refused:?}");
    assert_eq!(store.list().await.unwrap(), []);
    assert_eq!(
        store.leftovers().await.unwrap().len(),
        1,
        "its item is still known"
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

fn finding(step: Step, state: StepState) -> Finding {
    let (ms, summary) = (0, String::new());
    Finding {
        step,
        state,
        ms,
        summary,
        evidence: None,
        next: None,
        actor: None,
        retry: None,
        link: None,
        field: None,
        original: None,
    }
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
