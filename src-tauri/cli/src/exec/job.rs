//! What a child starts ends with this program, if this program is ended from outside.
//!
//! On Windows a child goes on when its parent is killed or its console closes. Here it would go on
//! with an endpoint that nobody serves, or with a token that nobody watches.
//!
//! Source: <https://learn.microsoft.com/windows/win32/procthread/job-objects>

use std::os::windows::io::RawHandle;

use win32job::{ExtendedLimitInfo, Job, JobError};

/// A group of processes to which a child and everything that it starts belongs.
pub(super) struct KillOnEnd(Job);

impl KillOnEnd {
    /// Puts a child that has just begun into such a group, and with it what it starts from then on;
    /// `None` where Windows does not let it.
    pub(super) fn begin(child: RawHandle) -> Option<Self> {
        let begin = || -> Result<Job, JobError> {
            let job =
                Job::create_with_limit_info(ExtendedLimitInfo::new().limit_kill_on_job_close())?;
            job.assign_process(child as isize)?;
            Ok(job)
        };
        begin().ok().map(Self)
    }

    /// The child has ended by itself: what it has left running may go on, as elsewhere.
    pub(super) fn release(self) {
        // Where that fails it ends with this program, which nobody can be told any more.
        let _ended_with_us = self.0.set_extended_limit_info(&ExtendedLimitInfo::new());
    }
}
