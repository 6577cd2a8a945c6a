-- The tenant's display name, as the last check that could read it found it.
ALTER TABLE connections ADD COLUMN tenant_name TEXT;

-- Connections for which somebody else was asked to consent: a fresh token is looked at from time to time, until the
-- permissions are in it or the time is over.
CREATE TABLE watches (
    connection TEXT PRIMARY KEY REFERENCES connections (id) ON DELETE CASCADE,
    began_at   TEXT NOT NULL,
    ends_at    TEXT NOT NULL,
    next_at    TEXT NOT NULL,
    looks      INTEGER NOT NULL
) STRICT;

-- Reports of checks have finer steps, and say of each permission what needs it. One that cannot be read stays as it is.
UPDATE checks
   SET report = json_set(
           replace(report, '"step":"host"', '"step":"connection"'),
           '$.permissions',
           json((SELECT json_group_array(json_set(value, '$.requiredBy', json('[]')))
                   FROM json_each(report, '$.permissions')
                  WHERE type = 'object')))
 WHERE json_valid(report);
