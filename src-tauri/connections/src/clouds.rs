//! The clouds file: the built-in clouds and those that a person adds.

use std::path::Path;

use entra::{Cloud, Clouds};
use model::CloudId;

use crate::{Connections, Error};

/// The environment variable that names a JSON file with further clouds, such as a demo tenant's.
const CLOUDS_FILE: &str = "GRAPH_CONNECT_CLOUDS";

/// The built-in clouds, and those of the file that `GRAPH_CONNECT_CLOUDS` names; a variable that is
/// set and empty counts as not set.
///
/// # Errors
/// [`Error::CloudsFile`] names the file and what is wrong with it.
pub async fn clouds_in_use() -> Result<Clouds, Error> {
    match std::env::var_os(CLOUDS_FILE).filter(|file| !file.is_empty()) {
        None => Ok(Clouds::built_in()),
        Some(file) => read_clouds(Path::new(&file)).await,
    }
}

impl Connections {
    /// The cloud of a form or a connection.
    ///
    /// # Errors
    /// [`Error::Invalid`] when it is not in the list of clouds.
    pub(crate) fn cloud(&self, id: &CloudId) -> Result<Cloud, Error> {
        find_cloud(self.clouds(), id)
    }
}

/// Finds a cloud in a list.
///
/// # Errors
/// [`Error::Invalid`] when it is not there.
pub(crate) fn find_cloud(clouds: &Clouds, id: &CloudId) -> Result<Cloud, Error> {
    clouds.get(id).cloned().ok_or_else(|| {
        let unknown = format!(
            "\"{id}\" is not in the list of clouds; one of your own is in the file that GRAPH_CONNECT_CLOUDS names"
        );
        Error::invalid("Cloud", unknown)
    })
}

/// Reads the file and adds its clouds to the built-in ones.
async fn read_clouds(file: &Path) -> Result<Clouds, Error> {
    let file = file.to_owned();
    let wrong = |problem: String| Error::CloudsFile {
        path: file.clone(),
        problem,
    };
    let path = file.clone();
    let read = tokio::task::spawn_blocking(move || entra::read_named_file(&path));
    let read = read.await.map_err(|_| Error::Closing)?.map_err(wrong)?;
    let json = String::from_utf8(read).map_err(|_| wrong("it is not text in UTF-8".to_owned()))?;
    Clouds::built_in()
        .with_custom(&json)
        .map_err(|error| wrong(error.to_string()))
}
