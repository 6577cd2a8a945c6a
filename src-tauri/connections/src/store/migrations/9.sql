-- Since when a connection is deleted that can still be brought back. It is shown and given to nobody, and its name is free.
ALTER TABLE connections ADD COLUMN deleted_at TEXT;

-- The last report of an earlier credential: those up to it say nothing of the one that holds.
ALTER TABLE connections ADD COLUMN reports_after INTEGER NOT NULL DEFAULT 0;
