-- Keys with which hosts encrypt: sign-ins, tokens, signing secrets, camera credentials. Each is encrypted with a master key
-- that the database does not have. Written by control silos, one every three months or so. Rows: tens. Kept for good: what
-- was encrypted with one is lost without it.
CREATE TABLE data_protection_keys (
    name       TEXT PRIMARY KEY,
    xml        TEXT NOT NULL,
    created_at TIMESTAMPTZ NOT NULL DEFAULT CURRENT_TIMESTAMP
);

-- Encrypted credentials are longer than what is encrypted.
ALTER TABLE cameras ALTER COLUMN source_credentials TYPE TEXT;
