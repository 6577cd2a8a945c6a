//! Signals between whoever started this program and the child: as if this program were not there.
//!
//! What was ignored when this program was started stays ignored, for the child too (`nohup`,
//! background jobs of a script). What is sent to this program alone is passed on; what the terminal
//! sends reaches the child without us. When the child is stopped from the terminal, so is this
//! program, and a shell sees a job that is stopped. When a signal ends the child, the same one ends
//! this program: only so does a shell that runs it in a loop end the loop at one Ctrl-C.

use std::{fs::File, io, process::ExitStatus};

use rustix::process::{Pid, Resource, Rlimit, Signal, WaitId, WaitIdOptions};
use tokio::{
    process::Child,
    signal::unix::{SignalKind, signal},
    sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel},
};
use tokio_util::task::AbortOnDropHandle;

/// What a terminal sends to all programs in its foreground.
const OF_TERMINALS: [Signal; 4] = [Signal::INT, Signal::QUIT, Signal::TSTP, Signal::WINCH];

/// What programs and people send to one program.
const OTHERS: [Signal; 6] = [
    Signal::TERM,
    Signal::HUP,
    Signal::USR1,
    Signal::USR2,
    Signal::ALARM,
    Signal::CONT,
];

/// Signals that are listened for.
pub(crate) struct Signals {
    arriving: UnboundedReceiver<Signal>,
    _listening: Vec<AbortOnDropHandle<()>>,
}

impl Signals {
    /// Listens from now on; from now on they no longer end or stop this program by themselves.
    ///
    /// # Errors
    /// When the system refuses.
    pub(crate) fn listen() -> io::Result<Self> {
        let ignored = ignored();
        let (sender, arriving) = unbounded_channel();
        let wanted = OF_TERMINALS
            .into_iter()
            .chain(OTHERS)
            .filter(|one| ignored & bit(*one) == 0);
        let listening = wanted
            .chain([Signal::CHILD])
            .map(|one| listen_for(one, sender.clone()));
        Ok(Self {
            _listening: listening.collect::<io::Result<_>>()?,
            arriving,
        })
    }

    /// Passes them on until the child has ended, and stops when it is stopped.
    ///
    /// # Errors
    /// When the system cannot say how it ended.
    pub(crate) async fn pass_on(mut self, running: &mut Child) -> io::Result<ExitStatus> {
        let child = running
            .id()
            .and_then(|id| Pid::from_raw(i32::try_from(id).ok()?));
        let mut told_to_stop = false;
        loop {
            let arrived = tokio::select! {
                status = running.wait() => return status,
                Some(arrived) = self.arriving.recv() => arrived,
            };
            let Some(child) = child else { continue };
            match arrived {
                Signal::CHILD
                    if is_stopped(child) && (told_to_stop || shares_the_terminal(child)) =>
                {
                    told_to_stop = false;
                    stop();
                }
                Signal::CHILD => {}
                of_terminal
                    if OF_TERMINALS.contains(&of_terminal) && shares_the_terminal(child) => {}
                to_us_alone => {
                    told_to_stop |= to_us_alone == Signal::TSTP;
                    send(child, to_us_alone);
                }
            }
        }
    }
}

fn listen_for(
    wanted: Signal,
    sender: UnboundedSender<Signal>,
) -> io::Result<AbortOnDropHandle<()>> {
    let mut stream = signal(SignalKind::from_raw(wanted.as_raw()))?;
    let listening =
        async move { while stream.recv().await.is_some() && sender.send(wanted).is_ok() {} };
    Ok(AbortOnDropHandle::new(tokio::spawn(listening)))
}

/// The signals that were ignored when this program was started, a bit each.
///
/// Source: <https://man7.org/linux/man-pages/man5/proc_pid_status.5.html>, `SigIgn`
#[cfg(target_os = "linux")]
fn ignored() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    mask.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok())
        .unwrap_or_default()
}

/// Elsewhere only a call that is not safe Rust would tell.
#[cfg(not(target_os = "linux"))]
const fn ignored() -> u64 {
    0
}

fn bit(signal: Signal) -> u64 {
    u32::try_from(signal.as_raw() - 1)
        .ok()
        .and_then(|at| 1_u64.checked_shl(at))
        .unwrap_or_default()
}

/// Whether Ctrl-C at the terminal reaches this program and its child alike, so that passing it on
/// would say it twice. A child that has made itself a group of its own is reached by nobody but us.
fn shares_the_terminal(child: Pid) -> bool {
    let Ok(terminal) = File::open("/dev/tty") else {
        return false;
    };
    let ours = rustix::process::getpgrp();
    let in_front = rustix::termios::tcgetpgrp(terminal).is_ok_and(|group| group == ours);
    in_front && rustix::process::getpgid(Some(child)).is_ok_and(|group| group == ours)
}

/// Whether it was stopped since this was last asked.
fn is_stopped(child: Pid) -> bool {
    let asked = rustix::process::waitid(
        WaitId::Pid(child),
        WaitIdOptions::STOPPED | WaitIdOptions::NOHANG,
    );
    asked.is_ok_and(|status| status.is_some_and(|status| status.stopped()))
}

/// Stops this program until somebody lets it go on.
fn stop() {
    let _ = rustix::process::kill_process(rustix::process::getpid(), Signal::STOP);
}

fn send(child: Pid, signal: Signal) {
    // One that has ended by now needs no signal.
    let _ = rustix::process::kill_process(child, signal);
}

/// Ends this program by the signal that ended its child. Comes back where it cannot be.
pub(crate) fn die_of(signal: i32) {
    // What this program had in its memory belongs into no file: the child has written its own, if
    // there is to be one.
    let none = Rlimit {
        current: Some(0),
        maximum: Some(0),
    };
    let _ = rustix::process::setrlimit(Resource::Core, none);
    #[cfg(target_os = "linux")]
    let _ = rustix::process::set_dumpable_behavior(rustix::process::DumpableBehavior::NotDumpable);
    let _ = signal_hook::low_level::emulate_default_handler(signal);
}
