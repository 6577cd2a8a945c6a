CREATE TABLE connections (
    id                 TEXT PRIMARY KEY,
    name               TEXT NOT NULL,
    -- What two names have in common when they count as the same name; also the order of the list.
    name_key           TEXT NOT NULL UNIQUE,
    integration        TEXT NOT NULL,
    cloud              TEXT NOT NULL,
    method             TEXT NOT NULL,
    description        TEXT NOT NULL,
    tags               TEXT NOT NULL,
    created_at         TEXT NOT NULL,
    updated_at         TEXT NOT NULL,
    -- The version that holds, and the last one ever given out. A version is never used twice.
    credential_version INTEGER NOT NULL,
    last_version       INTEGER NOT NULL,
    scripts_may_use    INTEGER NOT NULL,
    status             TEXT NOT NULL,
    last_checked_at    TEXT
) STRICT;

CREATE TABLE checks (
    id         INTEGER PRIMARY KEY,
    connection TEXT NOT NULL REFERENCES connections (id) ON DELETE CASCADE,
    started_at TEXT NOT NULL,
    report     TEXT NOT NULL
) STRICT;
CREATE INDEX checks_of_connection ON checks (connection, id);

-- Who asked for a token of a connection, and when.
CREATE TABLE uses (
    id         INTEGER PRIMARY KEY,
    connection TEXT NOT NULL REFERENCES connections (id) ON DELETE CASCADE,
    used_at    TEXT NOT NULL,
    program    TEXT NOT NULL
) STRICT;
CREATE INDEX uses_of_connection ON uses (connection, id);

-- Keychain items to which no connection points: one row for each, from before it is written until after it is removed.
CREATE TABLE pending (
    id         INTEGER PRIMARY KEY,
    connection TEXT NOT NULL,
    version    INTEGER NOT NULL,
    state      TEXT NOT NULL CHECK (state IN ('writing', 'stray', 'obsolete')),
    UNIQUE (connection, version)
) STRICT;

-- Access tokens, each sealed with a key that is in the keychain.
CREATE TABLE token_cache (
    connection TEXT NOT NULL REFERENCES connections (id) ON DELETE CASCADE,
    scope      TEXT NOT NULL,
    sealed     BLOB NOT NULL,
    expires_at TEXT NOT NULL,
    PRIMARY KEY (connection, scope)
) STRICT;

CREATE TABLE settings (
    key   TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT;
