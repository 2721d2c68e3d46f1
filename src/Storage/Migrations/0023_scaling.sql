-- Where the model of a scaled deployment is: workers are addresses of silos. Written by the scheduler before workers are told; revision
-- rises with each write, so that of two schedulers one finds out. Rows: one per deployment that was ever scaled.
CREATE TABLE deployment_scaling (
    deployment_id UUID PRIMARY KEY REFERENCES model_deployments (id),
    wanted INTEGER NOT NULL CHECK (wanted >= 0),
    workers JSONB NOT NULL,
    refusal TEXT,
    changed_at TIMESTAMPTZ NOT NULL,
    revision BIGINT NOT NULL CHECK (revision > 0)
);

-- Every change of a deployment's instances and why, with what was measured; workers are names. Written by the scheduler with the row
-- above. Rows: a few per deployment and day. Kept as long as windows of metrics.
CREATE TABLE scaling_decisions (
    id UUID PRIMARY KEY,
    deployment_id UUID NOT NULL REFERENCES model_deployments (id),
    decided_at TIMESTAMPTZ NOT NULL,
    from_instances INTEGER NOT NULL CHECK (from_instances >= 0),
    to_instances INTEGER NOT NULL CHECK (to_instances >= 0),
    wanted INTEGER NOT NULL CHECK (wanted >= 0),
    reason TEXT NOT NULL CHECK (reason <> ''),
    utilization_percent DOUBLE PRECISION CHECK (utilization_percent BETWEEN 0 AND 100),
    queue_age_ms DOUBLE PRECISION CHECK (queue_age_ms >= 0),
    workers JSONB NOT NULL,
    cold_start_ms DOUBLE PRECISION CHECK (cold_start_ms >= 0)
);

CREATE INDEX scaling_decisions_deployment_idx ON scaling_decisions (deployment_id, decided_at DESC);
