//! Writes the script for Azure Cloud Shell of every cloud, integration and kind into the folder
//! that is named, for `scripts/peers.sh`.

use std::{env, fs, io, path::PathBuf};

use entra::{Clouds, cloud_shell_script};
use model::{Integration, PermissionKind};

fn main() -> io::Result<()> {
    let folder = env::args_os()
        .nth(1)
        .map(PathBuf::from)
        .ok_or_else(|| io::Error::other("name a folder"))?;
    for cloud in Clouds::built_in().iter() {
        for integration in Integration::ALL {
            for (kind, word) in [
                (PermissionKind::Application, "application"),
                (PermissionKind::Delegated, "delegated"),
            ] {
                // What the Azure CLI would take for a file or for options, if it saw it as it is.
                let name = format!("@{} =@file --help 'audit'", integration.name());
                let script = cloud_shell_script(cloud, &name, &integration.permissions(kind), kind);
                let file = format!(
                    "{}.{}.{word}",
                    cloud.id,
                    integration.name().replace(' ', "-")
                );
                fs::create_dir_all(folder.join(&file))?;
                fs::write(folder.join(&file).join("script"), script)?;
                fs::write(folder.join(&file).join("graph"), cloud.graph.as_str())?;
            }
        }
    }
    Ok(())
}
