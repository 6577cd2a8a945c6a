-- Secrets for which the keychain had no room, each sealed with the key that is in the keychain: of the version that the
-- connection points to, and of no other.
CREATE TABLE sealed_secrets (
    connection TEXT PRIMARY KEY REFERENCES connections (id) ON DELETE CASCADE,
    version    INTEGER NOT NULL,
    sealed     BLOB NOT NULL
) STRICT;
