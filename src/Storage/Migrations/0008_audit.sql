-- The audit trail: who did, tried or read what. Each row's hash covers the row and the hash before it, so that no row can
-- be changed, removed or put in between without all that follow telling. Rows are never changed or removed.
-- Written by AuditTrail alone, under one advisory lock. Rows: one per changed row of an audited table, per refusal and per
-- counted read; thousands a day. Kept for good. before and after are JSON and not JSONB: the text is hashed letter by letter.
CREATE TABLE audit_entries (
    day           DATE NOT NULL,
    sequence      BIGINT NOT NULL CHECK (sequence > 0),
    occurred_at   TIMESTAMPTZ NOT NULL,
    caller_kind   TEXT NOT NULL,
    caller_id     UUID,
    caller_name   TEXT NOT NULL,
    address       TEXT,
    request_id    TEXT,
    action        TEXT NOT NULL CHECK (action <> ''),
    outcome       TEXT NOT NULL,
    target_type   TEXT,
    target_id     TEXT,
    site_id       UUID,
    reason        TEXT,
    before        JSON,
    after         JSON,
    previous_hash BYTEA NOT NULL CHECK (octet_length(previous_hash) = 32),
    hash          BYTEA NOT NULL CHECK (octet_length(hash) = 32),
    PRIMARY KEY (day, sequence)
);

-- Every search is newest first.
CREATE INDEX audit_entries_occurred_at_idx ON audit_entries (occurred_at);
CREATE INDEX audit_entries_caller_id_idx ON audit_entries (caller_id, day DESC, sequence DESC);
CREATE INDEX audit_entries_caller_name_idx ON audit_entries (caller_name, day DESC, sequence DESC);
CREATE INDEX audit_entries_target_idx ON audit_entries (target_type, target_id, day DESC, sequence DESC);
CREATE INDEX audit_entries_site_id_idx ON audit_entries (site_id, day DESC, sequence DESC);
CREATE INDEX audit_entries_action_idx ON audit_entries (action text_pattern_ops, day DESC, sequence DESC);

-- The last row of each day, signed with a key that the database does not have.
-- Written with every append. Rows: one per day. Kept for good. Room is left in the page: a row's next version stays in it.
CREATE TABLE audit_heads (
    day       DATE PRIMARY KEY,
    sequence  BIGINT NOT NULL CHECK (sequence > 0),
    hash      BYTEA NOT NULL CHECK (octet_length(hash) = 32),
    signature BYTEA NOT NULL,
    key_id    TEXT NOT NULL
) WITH (fillfactor = 20);

CREATE FUNCTION refuse_audit_change() RETURNS TRIGGER
LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only: % is refused', TG_TABLE_NAME, TG_OP
        USING ERRCODE = 'insufficient_privilege', TABLE = TG_TABLE_NAME;
END
$$;

-- A head only moves on: to a later row of its day.
CREATE FUNCTION refuse_audit_head_change() RETURNS TRIGGER
LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.day <> OLD.day OR NEW.sequence <= OLD.sequence THEN
        RAISE EXCEPTION 'audit_heads only move on: row % of % stays', OLD.sequence, OLD.day
            USING ERRCODE = 'insufficient_privilege', TABLE = TG_TABLE_NAME;
    END IF;
    RETURN NEW;
END
$$;

CREATE TRIGGER audit_entries_append_only
    BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_entries
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_audit_change();

CREATE TRIGGER audit_heads_stay
    BEFORE DELETE OR TRUNCATE ON audit_heads
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_audit_change();

CREATE TRIGGER audit_heads_move_on
    BEFORE UPDATE ON audit_heads
    FOR EACH ROW EXECUTE FUNCTION refuse_audit_head_change();

-- Also for a session that calls itself a replica.
ALTER TABLE audit_entries ENABLE ALWAYS TRIGGER audit_entries_append_only;
ALTER TABLE audit_heads ENABLE ALWAYS TRIGGER audit_heads_stay;
ALTER TABLE audit_heads ENABLE ALWAYS TRIGGER audit_heads_move_on;
