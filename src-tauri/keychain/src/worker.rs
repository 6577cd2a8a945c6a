//! The one thread on which the keychain is called.
//!
//! A keychain may block without limit, for example on a prompt that nobody sees. So callers wait
//! with a deadline and the thread waits without one. While the thread is stuck in a call that
//! outlived its caller, every new call is turned away at once. No second thread is started, nothing
//! is queued behind it, and the end of the process waits for nobody.

use std::{
    cell::Cell,
    panic::{self, AssertUnwindSafe},
    sync::{Arc, Mutex, MutexGuard, PoisonError, mpsc},
    thread,
    time::Duration,
};

use keyring_core::CredentialStore;
use tokio::sync::oneshot;

use crate::{
    Error,
    items::{Items, Modifiers},
    place::Provider,
};

/// Opens a link to the keychain: at the first call, and again after a failure.
pub(crate) type Connect = dyn Fn() -> keyring_core::Result<Arc<CredentialStore>> + Send + Sync;

/// Makes what tells about the keychain itself; it belongs to the thread.
pub(crate) type MakeProvider = fn() -> Box<dyn Provider>;

/// The thread's letter box.
pub(crate) struct Worker {
    service: Arc<str>,
    connect: Arc<Connect>,
    modifiers: Modifiers,
    provider: MakeProvider,
    queue: Mutex<Option<mpsc::Sender<Job>>>,
    now: Arc<Mutex<WorkerState>>,
}

impl Worker {
    /// Starts nothing; the thread begins with the first call.
    pub(crate) fn new(
        service: &str,
        connect: Arc<Connect>,
        modifiers: Modifiers,
        provider: MakeProvider,
    ) -> Self {
        Self {
            service: service.into(),
            connect,
            modifiers,
            provider,
            queue: Mutex::default(),
            now: Arc::default(),
        }
    }

    /// Runs `work` on the thread and waits for its result until the deadline.
    ///
    /// Work that is still queued when its caller gives up is never begun.
    ///
    /// # Errors
    /// [`Error::Busy`] after the deadline, and at once while an earlier call is stuck; otherwise
    /// what `work` returns.
    pub(crate) async fn call<T: Send + 'static>(
        &self,
        deadline: Duration,
        work: impl Fn(&Items<'_>) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Error> {
        let (reply, answer) = oneshot::channel();
        let number = self.submit(Box::new(move |link| {
            if !reply.is_closed() {
                // The caller may have left meanwhile, and then nobody needs the result.
                drop(reply.send(link.run(work)));
            }
        }))?;
        match tokio::time::timeout(deadline, answer).await {
            Ok(Ok(result)) => result,
            Ok(Err(_)) => Err(Error::other("worker")),
            Err(_) => {
                lock(&self.now).give_up(number);
                Err(Error::Busy)
            }
        }
    }

    /// Opens the link on the thread; whoever calls next finds it open, or the reason why it is not.
    pub(crate) fn connect_ahead(&self) {
        drop(self.submit(Box::new(Link::connect_ahead)));
    }

    fn submit(&self, task: Task) -> Result<u64, Error> {
        let number = lock(&self.now).take_number()?;
        let mut queue = lock(&self.queue);
        let sender = match queue.as_ref() {
            Some(sender) => sender,
            None => queue.insert(self.start()?),
        };
        sender
            .send(Job { number, task })
            .map_err(|_| Error::other("worker"))?;
        Ok(number)
    }

    fn start(&self) -> Result<mpsc::Sender<Job>, Error> {
        let (sender, jobs) = mpsc::channel();
        let (service, connect) = (Arc::clone(&self.service), Arc::clone(&self.connect));
        let mut link = Link {
            service,
            connect,
            modifiers: self.modifiers,
            provider: (self.provider)(),
            store: None,
        };
        let now = Arc::clone(&self.now);
        let work = move || {
            for Job { number, task } in jobs {
                let _running = Running::begin(&now, number);
                // The caller notices a panic by the answer that never comes; the link was dropped
                // on the way.
                drop(panic::catch_unwind(AssertUnwindSafe(|| task(&mut link))));
            }
        };
        // Never joined: the thread ends when its letter box is gone, or with the process.
        thread::Builder::new()
            .name("keychain".into())
            .spawn(work)
            .map_err(|_| Error::other("thread"))?;
        Ok(sender)
    }
}

type Task = Box<dyn FnOnce(&mut Link) + Send>;

struct Job {
    number: u64,
    task: Task,
}

/// What the thread is doing.
#[derive(Default)]
struct WorkerState {
    last_number: u64,
    running: Option<u64>,
    /// The running call's caller has given up.
    stuck: bool,
}

impl WorkerState {
    fn take_number(&mut self) -> Result<u64, Error> {
        if self.stuck {
            return Err(Error::Busy);
        }
        self.last_number += 1;
        Ok(self.last_number)
    }

    fn give_up(&mut self, number: u64) {
        self.stuck |= self.running == Some(number);
    }
}

/// Marks a call as running for as long as it lives, also when the store panics.
struct Running<'a>(&'a Mutex<WorkerState>);

impl<'a> Running<'a> {
    fn begin(now: &'a Mutex<WorkerState>, number: u64) -> Self {
        lock(now).running = Some(number);
        Self(now)
    }
}

impl Drop for Running<'_> {
    fn drop(&mut self) {
        let mut now = lock(self.0);
        now.running = None;
        now.stuck = false;
    }
}

/// The thread's link to the keychain.
struct Link {
    service: Arc<str>,
    connect: Arc<Connect>,
    modifiers: Modifiers,
    provider: Box<dyn Provider>,
    store: Option<Arc<CredentialStore>>,
}

impl Link {
    /// Runs `work`, and once more over a new link if the old one has gone stale, as it does when
    /// the provider restarts.
    fn run<T>(&mut self, work: impl Fn(&Items<'_>) -> Result<T, Error>) -> Result<T, Error> {
        let was_connected = self.store.is_some();
        let result = self.try_once(&work);
        match result {
            Err(error) if was_connected && error.may_be_stale() => self.try_once(&work),
            result => result,
        }
    }

    fn connect_ahead(&mut self) {
        if self.store.is_none() {
            self.store = (self.connect)().ok();
        }
    }

    fn try_once<T>(&mut self, work: impl Fn(&Items<'_>) -> Result<T, Error>) -> Result<T, Error> {
        let store = match self.store.take() {
            Some(store) => store,
            None => (self.connect)()?,
        };
        let (service, modifiers) = (&*self.service, self.modifiers);
        let refused = Cell::new(false);
        let result = work(&Items {
            store: &*store,
            service,
            modifiers,
            provider: &*self.provider,
            refused,
        });
        // A failed link is dropped, so that a keychain that comes back is found again.
        let keep = result
            .as_ref()
            .err()
            .is_none_or(|error| !error.may_be_stale());
        self.store = keep.then_some(store);
        result
    }
}

/// No code that holds these locks can panic.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
