//! A real process, killed at every step of every change, on a real gnome-keyring.
//!
//! A step is a place in the journal, or the return of a call that changes the keychain. The process
//! that is to die says that it has reached its step and waits there for SIGKILL; on a second round
//! it aborts by itself.

mod scene;
mod stepping;

use std::{
    env,
    io::{BufRead, BufReader, Write},
    path::Path,
    process::{Child, Command, Stdio},
    sync::atomic::{AtomicI64, Ordering},
    time::Duration,
};

use keychain::testing::{Bus, Keyring, again, inside};

use scene::{Change, Scene, wait};

/// How many steps to go; below zero there is no end.
pub(super) static STEPS_LEFT: AtomicI64 = AtomicI64::new(-1);

/// Waits for the end when the time has come.
pub(in crate::journal) fn crash_point() {
    if STEPS_LEFT.fetch_sub(1, Ordering::SeqCst) != 0 {
        return;
    }
    if env::var_os(ABORT).is_some() {
        std::process::abort();
    }
    say(REACHED);
    loop {
        std::thread::park();
    }
}

#[test]
fn killed_while_creating_there_is_a_whole_connection_or_none() {
    inside(Bus::WithoutServices, || {
        kill_at_every_step(Change::Create, || again(&|| ()))
    });
}

#[test]
fn killed_while_replacing_a_secret_the_old_one_or_the_new_one_holds() {
    inside(Bus::WithoutServices, || {
        kill_at_every_step(Change::Replace, || again(&|| ()))
    });
}

#[test]
fn killed_while_removing_the_connection_is_whole_or_gone() {
    inside(Bus::WithoutServices, || {
        kill_at_every_step(Change::Remove, || again(&|| ()))
    });
}

#[test]
fn killed_while_a_proved_secret_is_kept_its_report_is_there_with_it_or_not_at_all() {
    inside(Bus::WithoutServices, || {
        kill_at_every_step(Change::Renew, || again(&|| ()))
    });
}

#[test]
fn killed_while_renaming_the_old_name_or_the_new_one_has_the_secret() {
    inside(Bus::WithoutServices, || {
        kill_at_every_step(Change::Rename, || again(&|| ()))
    });
}

#[test]
fn killed_while_a_deletion_can_be_undone_or_ends_the_connection_is_whole_or_gone() {
    inside(Bus::WithoutServices, || {
        kill_at_every_step(Change::Delete, || again(&|| ()))
    });
}

#[test]
fn killed_while_a_secret_without_room_is_sealed_there_is_a_whole_connection_or_none() {
    inside(Bus::WithoutServices, || {
        kill_at_every_step(Change::Seal, || again(&|| ()))
    });
}

#[test]
fn killed_while_a_secret_without_room_takes_the_place_of_another_the_old_one_or_the_new_one_holds()
{
    inside(Bus::WithoutServices, || {
        kill_at_every_step(Change::SealNew, || again(&|| ()))
    });
}

#[test]
fn killed_while_a_sealed_secret_moves_it_is_in_one_place_or_the_other() {
    inside(Bus::WithoutServices, || {
        kill_at_every_step(Change::Move, || again(&|| ()))
    });
}

#[test]
fn killed_while_tidying_the_rest_is_tidied_next_time() {
    inside(Bus::WithoutServices, || {
        kill_at_every_step(Change::Tidy, || again(&|| ()))
    });
}

#[test]
fn killed_at_any_moment_every_connection_has_its_secret_and_no_secret_is_alone() {
    inside(Bus::WithoutServices, || {
        if let Some(folder) = env::var_os(FOLDER) {
            return wait(Scene::open(Path::new(&folder)).work_for_ever());
        }
        let _keyring = Keyring::unlocked();
        for round in 0..12_u32 {
            let folder = tempfile::tempdir().unwrap();
            let mut victim = Victim::start(&mut again(&|| ()), folder.path(), -1, false);
            for _ in 0..=round {
                assert!(
                    victim.reaches(WORKED),
                    "the process works until it is killed"
                );
            }
            // The moment is to be any, so this is the one place that lets time pass.
            std::thread::sleep(Duration::from_millis(u64::from(round * 7 % 23)));
            victim.kill();
            let scene = Scene::open(folder.path());
            wait(async {
                scene.is_in_order("killed while working").await;
                scene.clear().await;
            });
        }
    });
}

#[test]
fn two_programs_that_change_and_a_third_that_tidies_do_not_disturb_each_other() {
    inside(Bus::WithoutServices, || {
        if let Some(folder) = env::var_os(FOLDER) {
            return wait(Scene::open(Path::new(&folder)).make_and_change_ten());
        }
        let _keyring = Keyring::unlocked();
        let folder = tempfile::tempdir().unwrap();
        let mut programs =
            [(); 2].map(|()| Victim::start(&mut again(&|| ()), folder.path(), -1, false));
        let scene = Scene::open(folder.path());
        wait(async {
            while programs.iter_mut().any(|program| program.is_running()) {
                crate::journal::tidy(&scene.store, &scene.keychain)
                    .await
                    .unwrap();
            }
            assert!(
                programs.iter_mut().all(Victim::has_succeeded),
                "no change failed"
            );
            scene.is_in_order("after both have finished").await;
            assert_eq!(scene.store.list().await.unwrap().len(), 20);
        });
    });
}

/// In the process that is to die: makes the change. Otherwise starts that process again and again,
/// kills it one step later each time, and looks at what is left, until it comes to its end.
fn kill_at_every_step(change: Change, again: fn() -> Command) {
    if let Some(folder) = env::var_os(FOLDER) {
        let scene = Scene::open(Path::new(&folder));
        let steps: i64 = env::var(STEPS).unwrap().parse().unwrap();
        STEPS_LEFT.store(steps, Ordering::SeqCst);
        return wait(scene.make(change));
    }
    let _keyring = Keyring::unlocked();
    for abort in [false, true] {
        let mut steps = 0;
        loop {
            let folder = tempfile::tempdir().unwrap();
            wait(Scene::open(folder.path()).prepare(change));
            let mut victim = Victim::start(&mut again(), folder.path(), steps, abort);
            let died = if abort {
                !victim.has_succeeded()
            } else {
                victim.reaches(REACHED)
            };
            victim.kill();
            wait(Scene::open(folder.path()).is_before_or_after(change, died, steps));
            if !died {
                break;
            }
            steps += 1;
        }
        assert!(
            steps >= change.least_steps(),
            "{change:?} has more than {steps} steps"
        );
    }
}

/// A process that makes a change and may be killed.
pub(super) struct Victim {
    process: Child,
}

impl Victim {
    pub(super) fn start(command: &mut Command, folder: &Path, steps: i64, abort: bool) -> Self {
        command.env(FOLDER, folder).env(STEPS, steps.to_string());
        if abort {
            command.env(ABORT, "1");
        }
        let process = command
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        Self { process }
    }

    /// Whether the process says this; otherwise it has ended.
    pub(super) fn reaches(&mut self, word: &str) -> bool {
        // One byte at a time, so that nothing of what follows is lost in a buffer.
        let output = BufReader::with_capacity(1, self.process.stdout.as_mut().unwrap());
        output
            .lines()
            .map_while(Result::ok)
            .any(|line| line == word)
    }

    fn is_running(&mut self) -> bool {
        self.process.try_wait().unwrap().is_none()
    }

    fn has_succeeded(&mut self) -> bool {
        let said = std::io::read_to_string(self.process.stdout.as_mut().unwrap()).unwrap();
        self.process.wait().unwrap().success() && said.contains("1 passed")
    }

    pub(super) fn kill(&mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
    }
}

/// Says a word on a line of its own, whatever the test program has printed before it.
fn say(word: &str) {
    writeln!(std::io::stdout(), "\n{word}").unwrap();
}

pub(super) const FOLDER: &str = "GRAPH_CONNECT_TEST_FOLDER";
pub(super) const STEPS: &str = "GRAPH_CONNECT_TEST_STEPS";
const ABORT: &str = "GRAPH_CONNECT_TEST_ABORT";
pub(super) const REACHED: &str = "step reached";
const WORKED: &str = "one change made";
