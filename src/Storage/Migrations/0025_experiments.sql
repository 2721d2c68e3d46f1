-- Both versions are measured on the same cameras in slots of at most so many seconds, whatever the rollout's metrics; 0: only for these.
ALTER TABLE rollouts ADD COLUMN compare_slot_seconds INTEGER NOT NULL DEFAULT 0 CHECK (compare_slot_seconds >= 0);

-- Two versions beside each other at a fixed split until it is known which is better. id is that of its rollout, which is made right after
-- this row, and of the candidate's deployment. standing has the sums of what was counted and up to when: both change together.
-- Written by its grain, while it runs once a slot. Rows: one per experiment. Kept.
CREATE TABLE experiments (
    id UUID PRIMARY KEY,
    site_id UUID NOT NULL REFERENCES sites (id),
    name TEXT NOT NULL CHECK (name <> ''),
    deployment_id UUID NOT NULL REFERENCES model_deployments (id),
    model_id UUID NOT NULL REFERENCES ai_models (id),
    plan JSONB NOT NULL,
    progress JSONB NOT NULL,
    standing JSONB NOT NULL,
    is_settled BOOLEAN NOT NULL,
    created_by UUID REFERENCES users (id),
    created_at TIMESTAMPTZ NOT NULL DEFAULT CURRENT_TIMESTAMP,
    updated_at TIMESTAMPTZ NOT NULL DEFAULT CURRENT_TIMESTAMP
);

CREATE INDEX experiments_site_id_idx ON experiments (site_id, created_at DESC, id DESC);
CREATE INDEX experiments_created_at_idx ON experiments (created_at DESC, id DESC);
CREATE INDEX experiments_open_idx ON experiments (id) WHERE NOT is_settled;

CREATE TRIGGER experiments_touch_updated_at
    BEFORE UPDATE ON experiments
    FOR EACH ROW EXECUTE FUNCTION touch_updated_at();
