-- Uploads that arrive piece by piece, over as many requests and connections as it takes, until they are registered or expire.
-- Encrypted from the first byte, each with a key of its own. Written by the API. Rows: few. Kept a day after the last piece.
CREATE TABLE model_uploads (
    id UUID PRIMARY KEY,
    user_id UUID NOT NULL REFERENCES users (id),
    length BIGINT NOT NULL CHECK (length > 0),
    received BIGINT NOT NULL DEFAULT 0 CHECK (received BETWEEN 0 AND length),
    parts INTEGER NOT NULL DEFAULT 0,
    metadata JSONB NOT NULL DEFAULT '{}',
    key_id TEXT NOT NULL,
    wrapped_key BYTEA NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    expires_at TIMESTAMPTZ NOT NULL
);

CREATE INDEX model_uploads_user_id_idx ON model_uploads (user_id);
CREATE INDEX model_uploads_expires_at_idx ON model_uploads (expires_at);

-- Their content as it came, in pieces of at most 1 MiB. Rows: one per piece. Kept as long as the upload.
CREATE TABLE model_upload_parts (
    upload_id UUID NOT NULL REFERENCES model_uploads (id) ON DELETE CASCADE,
    ordinal INTEGER NOT NULL CHECK (ordinal >= 0),
    content BYTEA NOT NULL,
    PRIMARY KEY (upload_id, ordinal)
);

ALTER TABLE model_upload_parts ALTER COLUMN content SET STORAGE EXTERNAL;
