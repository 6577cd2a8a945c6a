-- What was handed out: for which scope.
ALTER TABLE uses ADD COLUMN scope TEXT NOT NULL DEFAULT '';

-- When a token is due for renewal, which is a while before it expires.
ALTER TABLE token_cache ADD COLUMN renew_at TEXT NOT NULL DEFAULT '';

-- Until when no token of a connection is asked for, so that every program obeys: because the service asked to wait, or
-- because only a person can help ('throttled', 'needsSignIn'). It holds for one version of the credential.
CREATE TABLE waits (
    connection TEXT PRIMARY KEY REFERENCES connections (id) ON DELETE CASCADE,
    version    INTEGER NOT NULL,
    until      TEXT NOT NULL,
    reason     TEXT NOT NULL CHECK (reason IN ('throttled', 'needsSignIn'))
) STRICT;
