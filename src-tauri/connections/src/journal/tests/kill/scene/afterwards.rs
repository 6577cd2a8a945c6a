//! What has to hold after a process was killed.

use secrecy::{ExposeSecret, SecretString};

use super::{Change, OTHER, RENAMED, SUBJECT, Scene, new, old};
use crate::journal::{recover, tidy};

impl Scene {
    /// Looks at what a killed change has left, as the next start of the program does, and then
    /// makes the change.
    pub(in crate::journal::tests::kill) async fn is_before_or_after(
        &self,
        change: Change,
        died: bool,
        steps: i64,
    ) {
        let what = format!("{change:?}, killed at step {steps}");
        recover(&self.store).await.unwrap();
        let found = match self.find(SUBJECT).await {
            Some(subject) => Some(self.secret(&subject, &what).await),
            None => None,
        };
        if change == Change::Rename {
            return self.has_one_name(died, &what).await;
        }
        let (before, after) = match change {
            Change::Create | Change::Seal => (None, Some(new())),
            Change::Replace | Change::Renew | Change::SealNew => (Some(old()), Some(new())),
            Change::Move => return self.is_in_one_place(died, &what).await,
            Change::Remove | Change::Delete => (Some(old()), None),
            Change::Tidy | Change::Rename => (None, None),
        };
        let is = |state: &Option<SecretString>| text(&found) == text(state);
        assert!(
            is(&after) || (died && is(&before)),
            "{what}: neither before nor after"
        );
        let other = self.find(OTHER).await.expect("the other connection");
        assert_eq!(
            self.secret(&other, &what).await.expose_secret(),
            "other",
            "{what}: the other connection"
        );
        let made = is(&after);
        if let (Change::Renew, Some(subject)) = (change, self.find(SUBJECT).await) {
            let tested = self.store.last_report(subject.id).await.unwrap().is_some();
            assert_eq!(tested, made, "{what}: a report is of the secret that holds");
        }
        self.is_in_order(&what).await;

        if !made {
            self.make(change).await;
        }
        let found = self.find(SUBJECT).await;
        assert_eq!(
            found.is_some(),
            after.is_some(),
            "{what}: made again, the change goes through"
        );
        self.clear().await;
    }

    /// The secret is sealed or in the keychain, and the same; made again, it is in the keychain.
    async fn is_in_one_place(&self, died: bool, what: &str) {
        let subject = self.find(SUBJECT).await.expect("the connection");
        assert!(died || !subject.sealed, "{what}: it has moved in the end");
        self.is_in_order(what).await;
        if subject.sealed {
            self.make(Change::Move).await;
        }
        let subject = self.find(SUBJECT).await.expect("the connection");
        assert!(
            !subject.sealed,
            "{what}: made again, the change goes through"
        );
        assert_eq!(
            text(&Some(self.secret(&subject, what).await)),
            text(&Some(old())),
            "{what}: its secret"
        );
        self.clear().await;
    }

    /// Under the old name or the new one there is the same secret, and under the other one nothing.
    async fn has_one_name(&self, died: bool, what: &str) {
        let (old_one, new_one) = (self.find(SUBJECT).await, self.find(RENAMED).await);
        assert!(
            old_one.is_some() != new_one.is_some(),
            "{what}: it has one name"
        );
        assert!(
            died || new_one.is_some(),
            "{what}: it has the new name in the end"
        );
        let subject = old_one.or(new_one).unwrap();
        assert_eq!(
            text(&Some(self.secret(&subject, what).await)),
            text(&Some(old())),
            "{what}: its secret"
        );
        self.is_in_order(what).await;
        self.clear().await;
    }

    /// Every connection has its secret, and after tidying the keychain holds nothing else but the
    /// key of what is sealed, where one was made.
    pub(in crate::journal::tests::kill) async fn is_in_order(&self, what: &str) {
        recover(&self.store).await.unwrap();
        let connections = self.store.list().await.unwrap();
        let mut expected = Vec::new();
        for connection in &connections {
            let secret = self.secret(connection, what).await;
            if connection.sealed {
                continue;
            }
            let head = format!("{}/{}", connection.id, connection.credential_version);
            let parts = if secret.expose_secret().len() > 2_400 {
                3
            } else {
                0
            };
            expected.extend(
                (1..=parts)
                    .map(|part| format!("{head}/{part}"))
                    .chain([head.clone()]),
            );
        }
        expected.sort();
        assert_eq!(
            tidy(&self.store, &self.keychain).await.unwrap(),
            0,
            "{what}: all is removed that has to be"
        );
        assert_eq!(
            self.names().await,
            expected,
            "{what}: one secret for each connection and no other"
        );
        assert_eq!(
            self.store.leftovers().await.unwrap(),
            [],
            "{what}: nothing is left in the journal"
        );
    }
}

fn text(secret: &Option<SecretString>) -> Option<&str> {
    secret.as_ref().map(ExposeSecret::expose_secret)
}
