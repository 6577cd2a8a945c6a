//! Who may not have a token although everything else is right: assignment and Conditional Access.

use crate::{
    directory::{App, Principal},
    errors::{self, Refusal},
};

/// Whether a person may use the application in a tenant.
pub(crate) fn admit_person(
    app: &App,
    principal: Option<&Principal>,
    address: &str,
) -> Result<(), Refusal> {
    match principal {
        Some(principal)
            if principal.assignment_required && !principal.assigned.contains(address) =>
        {
            Err(errors::not_assigned(app.client_id, &app.name, address))
        }
        Some(principal) if principal.blocked_by_policy => Err(errors::person_blocked()),
        _ => Ok(()),
    }
}

/// Whether the application may have a token of its own ("workload identities" in Conditional
/// Access).
pub(crate) fn admit_application(principal: &Principal) -> Result<(), Refusal> {
    if principal.blocked_by_policy {
        Err(errors::application_blocked())
    } else {
        Ok(())
    }
}
