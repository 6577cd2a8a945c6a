-- Which program keeps a secret, and in which of its collections: learnt when it is written and when it is read. Empty until
-- then.
ALTER TABLE connections ADD COLUMN keychain_program TEXT;
ALTER TABLE connections ADD COLUMN keychain_collection TEXT;
ALTER TABLE pending ADD COLUMN keychain_program TEXT;
ALTER TABLE pending ADD COLUMN keychain_collection TEXT;
