-- Whether scripts may have the client secret itself: a permission of its own, which nobody has given so far.
ALTER TABLE connections ADD COLUMN scripts_may_have_secret INTEGER NOT NULL DEFAULT 0;
