-- The way of one site from a model version to another. id is the candidate's deployment, which is made right after this row.
-- Written by its grain. Rows: one per rollout. Kept.
CREATE TABLE rollouts (
    id UUID PRIMARY KEY,
    site_id UUID NOT NULL REFERENCES sites (id),
    stable_deployment_id UUID NOT NULL REFERENCES model_deployments (id),
    candidate_model_id UUID NOT NULL REFERENCES ai_models (id),
    steps JSONB NOT NULL,
    starts_at TIMESTAMPTZ,
    promotes_itself BOOLEAN NOT NULL,
    progress_deadline_seconds INTEGER NOT NULL CHECK (progress_deadline_seconds > 0),
    keeps_warm_seconds INTEGER NOT NULL CHECK (keeps_warm_seconds >= 0),
    progress JSONB NOT NULL,
    camera_order JSONB NOT NULL,
    candidate_cameras JSONB NOT NULL,
    is_settled BOOLEAN NOT NULL,
    decisions JSONB NOT NULL,
    created_by UUID REFERENCES users (id),
    created_at TIMESTAMPTZ NOT NULL DEFAULT CURRENT_TIMESTAMP,
    updated_at TIMESTAMPTZ NOT NULL DEFAULT CURRENT_TIMESTAMP
);

-- Two rollouts at once would share out the same cameras twice.
CREATE UNIQUE INDEX rollouts_stable_deployment_id_key ON rollouts (stable_deployment_id) WHERE NOT is_settled;
CREATE INDEX rollouts_site_id_idx ON rollouts (site_id, created_at DESC, id DESC);
CREATE INDEX rollouts_created_at_idx ON rollouts (created_at DESC, id DESC);

CREATE TRIGGER rollouts_touch_updated_at
    BEFORE UPDATE ON rollouts
    FOR EACH ROW EXECUTE FUNCTION touch_updated_at();
