-- How much of what its integration is for a connection is meant to do: until now, everything.
ALTER TABLE connections ADD COLUMN need TEXT NOT NULL DEFAULT '{"kind":"readWrite"}';

-- Reports of checks say of each permission what would cover it. One that cannot be read stays as it is.
UPDATE checks
   SET report = json_set(
           report,
           '$.permissions',
           json((SELECT json_group_array(json_set(value, '$.servedBy', json('[]')))
                   FROM json_each(report, '$.permissions')
                  WHERE type = 'object')))
 WHERE json_valid(report);
