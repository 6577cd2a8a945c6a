//! Notifications of macOS. They belong to a bundle: a program that was started from a build folder
//! has none, and asking for the notification centre there ends it.
//!
//! Source: <https://developer.apple.com/documentation/usernotifications/asking-permission-to-use-notifications>

use std::future::{Ready, ready};

use block2::RcBlock;
use objc2::{rc::autoreleasepool, runtime::Bool};
use objc2_foundation::{NSBundle, NSError, NSString};
use objc2_user_notifications::{
    UNAuthorizationOptions, UNMutableNotificationContent, UNNotificationRequest,
    UNUserNotificationCenter,
};

use super::TITLE;

/// This program is no bundle, so that macOS has nobody to show notifications of.
pub(super) struct NoBundle;

/// Hands one to macOS, which shows it unless the window is in front.
pub(super) fn deliver(text: String) -> Ready<Result<(), NoBundle>> {
    ready(if is_bundle() {
        ask(text);
        Ok(())
    } else {
        Err(NoBundle)
    })
}

/// A bare program may carry an identifier too, and is no bundle for that.
fn is_bundle() -> bool {
    autoreleasepool(|_| {
        let bundle = NSBundle::mainBundle();
        bundle.bundleIdentifier().is_some() && bundle.bundlePath().to_string().ends_with(".app")
    })
}

/// Shows it where that is allowed. macOS asks the person the first time and remembers the answer.
fn ask(text: String) {
    // It is called later, and on a thread of the system's.
    let answered = RcBlock::new(move |granted: Bool, _error: *mut NSError| {
        if granted.as_bool() {
            add(&text);
        } else {
            tracing::debug!("macOS may show no notifications of this program");
        }
    });
    autoreleasepool(|_| {
        UNUserNotificationCenter::currentNotificationCenter()
            .requestAuthorizationWithOptions_completionHandler(
                UNAuthorizationOptions::Alert,
                &answered,
            );
    });
}

fn add(text: &str) {
    autoreleasepool(|_| {
        let text = NSString::from_str(text);
        let content = UNMutableNotificationContent::new();
        content.setTitle(&NSString::from_str(TITLE));
        content.setBody(&text);
        // The same words again take the place of the first ones. Without a trigger it is shown at
        // once.
        let request =
            UNNotificationRequest::requestWithIdentifier_content_trigger(&text, &content, None);
        UNUserNotificationCenter::currentNotificationCenter()
            .addNotificationRequest_withCompletionHandler(&request, None);
    });
}
