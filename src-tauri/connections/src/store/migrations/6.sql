-- What stands in the way since the last check that proved something: a check that could not run is none. As JSON.
ALTER TABLE connections ADD COLUMN not_tested TEXT;

-- The moment at which the client secret expires, where the tenant has said so, and whether it was refused as expired.
ALTER TABLE connections ADD COLUMN secret_expires_at TEXT;
ALTER TABLE connections ADD COLUMN secret_expired INTEGER NOT NULL DEFAULT 0;

-- So far a check that could not run took the place of the last one that proved something.
UPDATE connections
   SET last_checked_at = (SELECT started_at
                            FROM checks
                           WHERE connection = connections.id AND iif(json_valid(report), json_extract(report, '$.outcome'), '') <> 'inconclusive'
                           ORDER BY checks.id DESC
                           LIMIT 1)
 WHERE EXISTS (SELECT 1
                 FROM checks
                WHERE connection = connections.id
                  AND iif(json_valid(report), json_extract(report, '$.outcome'), '') = 'inconclusive'
                  AND started_at = connections.last_checked_at);
DELETE FROM checks WHERE iif(json_valid(report), json_extract(report, '$.outcome'), '') = 'inconclusive';
