//! The desktop's notifications: what a person would see pop up, as a story can wait for it.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use zbus::zvariant::OwnedValue;

use crate::wait::eventually;

/// One notification, as the desktop was asked to show it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notification {
    /// Which program asks.
    pub program: String,
    /// Its title.
    pub summary: String,
    /// Its text, in the markup of desktop notifications.
    pub body: String,
}

/// The notification daemon of one desktop (`org.freedesktop.Notifications`); it shows nothing and
/// remembers everything.
#[derive(Debug)]
pub struct Notifications {
    shown: Arc<Mutex<Vec<Notification>>>,
    // The name on the bus is held for as long as this lives.
    _bus: zbus::Connection,
}

impl Notifications {
    /// Takes the name on that session bus.
    ///
    /// # Panics
    /// If the bus cannot be reached or the name is taken.
    pub(crate) async fn listen(address: &str) -> Self {
        let shown = Arc::new(Mutex::new(Vec::new()));
        let daemon = Daemon {
            shown: Arc::clone(&shown),
        };
        let bus = zbus::connection::Builder::address(address)
            .and_then(|bus| bus.name("org.freedesktop.Notifications"))
            .and_then(|bus| bus.serve_at("/org/freedesktop/Notifications", daemon))
            .expect("the names are well formed");
        Self {
            shown,
            _bus: bus
                .build()
                .await
                .expect("nobody else shows notifications on a private bus"),
        }
    }

    /// What was shown so far, oldest first.
    #[must_use]
    pub fn shown(&self) -> Vec<Notification> {
        self.shown
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// Waits for one whose text holds `words`.
    pub async fn shows(&self, words: &str) -> Notification {
        eventually(&format!("a notification with {words:?}"), async || {
            self.shown()
                .into_iter()
                .find(|shown| shown.body.contains(words))
        })
        .await
    }
}

struct Daemon {
    shown: Arc<Mutex<Vec<Notification>>>,
}

/// <https://specifications.freedesktop.org/notification-spec/latest/protocol.html>
#[zbus::interface(name = "org.freedesktop.Notifications")]
impl Daemon {
    #[expect(clippy::too_many_arguments, reason = "the protocol has that many")]
    fn notify(
        &self,
        program: String,
        _replaces: u32,
        _icon: String,
        summary: String,
        body: String,
        _actions: Vec<String>,
        _hints: HashMap<String, OwnedValue>,
        _timeout: i32,
    ) -> u32 {
        let mut shown = self.shown.lock().unwrap_or_else(PoisonError::into_inner);
        shown.push(Notification {
            program,
            summary,
            body,
        });
        u32::try_from(shown.len()).unwrap_or(u32::MAX)
    }

    fn close_notification(&self, _id: u32) {}

    fn get_capabilities(&self) -> Vec<String> {
        vec!["body".to_owned(), "body-markup".to_owned()]
    }

    fn get_server_information(&self) -> (String, String, String, String) {
        ["story", "Graph Connect", "1", "1.2"]
            .map(str::to_owned)
            .into()
    }
}
