-- A token is kept with the moment at which it was fetched, by this computer's clock, and its life from then on in seconds:
-- they show that the clock was set since. Those that were kept without are forgotten, which costs one request each.
DROP TABLE token_cache;
CREATE TABLE token_cache (
    connection TEXT NOT NULL REFERENCES connections (id) ON DELETE CASCADE,
    scope      TEXT NOT NULL,
    sealed     BLOB NOT NULL,
    expires_at TEXT NOT NULL,
    fetched_at TEXT NOT NULL,
    life_s     INTEGER NOT NULL,
    PRIMARY KEY (connection, scope)
) STRICT;

-- A refusal is kept as the service said it (JSON), with when it was asked and how often it has refused in a row. The reason is
-- 'throttled', 'unavailable', 'needsSignIn', 'applicationRefused' or 'consentMissing'.
DROP TABLE waits;
CREATE TABLE waits (
    connection TEXT PRIMARY KEY REFERENCES connections (id) ON DELETE CASCADE,
    version    INTEGER NOT NULL,
    asked_at   TEXT NOT NULL,
    until      TEXT NOT NULL,
    times      INTEGER NOT NULL,
    reason     TEXT NOT NULL,
    original   TEXT NOT NULL
) STRICT;
