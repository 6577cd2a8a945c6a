//! Links for a browser, which takes only so much.

use url::Url;

use crate::{address::MAX_LINK, cloud::Cloud, error::Error};

/// A link under this length is taken everywhere.
const COMFORTABLE_LINK: usize = 2_048;

/// The link that `written` makes with the scopes of a cloud.
///
/// Names without a host mean Microsoft Graph, so the global cloud's link is shortened that way when
/// it would be too long for some browsers and mail programs.
///
/// # Errors
/// [`Error::LinkTooLong`], and those of `written`.
pub(crate) fn shortened(
    cloud: &Cloud,
    written: impl Fn(&dyn Fn(&str) -> String) -> Result<Url, Error>,
) -> Result<Url, Error> {
    let mut link = written(&|name| cloud.scope(name))?;
    let is_global = !cloud.custom && cloud.id.as_str() == "global";
    if is_global && link.as_str().len() >= COMFORTABLE_LINK {
        link = written(&str::to_owned)?;
    }
    if link.as_str().len() < MAX_LINK {
        Ok(link)
    } else {
        Err(Error::LinkTooLong)
    }
}
