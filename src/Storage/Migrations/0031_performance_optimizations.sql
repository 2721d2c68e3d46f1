-- Searches for settings with which a deployment does its work best. standing has what was measured; the proposal is applied by a person.
-- Written by its grain, while it searches every few seconds. Rows: one per search. Kept.
CREATE TABLE performance_optimizations (
    id UUID PRIMARY KEY,
    site_id UUID NOT NULL REFERENCES sites (id),
    deployment_id UUID NOT NULL REFERENCES model_deployments (id),
    model_id UUID NOT NULL REFERENCES ai_models (id),
    wish JSONB NOT NULL,
    progress JSONB NOT NULL,
    standing JSONB NOT NULL,
    is_settled BOOLEAN NOT NULL,
    created_by UUID REFERENCES users (id),
    created_at TIMESTAMPTZ NOT NULL DEFAULT CURRENT_TIMESTAMP,
    updated_at TIMESTAMPTZ NOT NULL DEFAULT CURRENT_TIMESTAMP
);

CREATE INDEX performance_optimizations_deployment_idx ON performance_optimizations (deployment_id, created_at DESC, id DESC);
CREATE INDEX performance_optimizations_created_at_idx ON performance_optimizations (created_at DESC, id DESC);

-- Two searches of one deployment would measure each other.
CREATE UNIQUE INDEX performance_optimizations_open_idx ON performance_optimizations (deployment_id) WHERE NOT is_settled;

CREATE TRIGGER performance_optimizations_touch_updated_at
    BEFORE UPDATE ON performance_optimizations
    FOR EACH ROW EXECUTE FUNCTION touch_updated_at();
