-- When a site may be changed, by the clock of its time zone: [{"days": ["monday"], "start": "22:00:00", "end": "04:00:00"}]. None by default.
ALTER TABLE sites ADD COLUMN maintenance_windows JSONB NOT NULL DEFAULT '[]';

CREATE TYPE fleet_site_way AS ENUM ('deploy', 'switch', 'rollout');

CREATE TYPE fleet_site_state AS ENUM (
    'waiting', 'starting', 'moving', 'succeeded', 'failed', 'rolled_back', 'skipped', 'returning', 'returned', 'left_as_is');

-- One model version on its way to many sites, wave by wave. waves are the sites as they were frozen when it began.
-- Written by its grain. Rows: a few a month. Kept.
CREATE TABLE fleet_rollouts (
    id UUID PRIMARY KEY,
    name VARCHAR(255) NOT NULL CHECK (name <> ''),
    model_id UUID NOT NULL REFERENCES ai_models (id),
    template JSONB NOT NULL,
    waves JSONB NOT NULL,
    max_concurrent_sites INTEGER NOT NULL CHECK (max_concurrent_sites > 0),
    soak_seconds INTEGER NOT NULL CHECK (soak_seconds >= 0),
    failure_policy JSONB NOT NULL,
    awaits_person BOOLEAN NOT NULL,
    only_in_windows BOOLEAN NOT NULL,
    progress JSONB NOT NULL,
    is_settled BOOLEAN NOT NULL,
    decisions JSONB NOT NULL,
    created_by UUID REFERENCES users (id),
    created_at TIMESTAMPTZ NOT NULL DEFAULT CURRENT_TIMESTAMP,
    updated_at TIMESTAMPTZ NOT NULL DEFAULT CURRENT_TIMESTAMP
);

CREATE INDEX fleet_rollouts_created_at_idx ON fleet_rollouts (created_at DESC, id DESC);
CREATE INDEX fleet_rollouts_open_idx ON fleet_rollouts (id) WHERE NOT is_settled;

CREATE TRIGGER fleet_rollouts_touch_updated_at
    BEFORE UPDATE ON fleet_rollouts
    FOR EACH ROW EXECUTE FUNCTION touch_updated_at();

-- One site of a fleet rollout. target_id is the rollout or the deployment that it begins, stored before that; neither need be there yet.
-- Written by the fleet rollout's grain, in the transaction of its row. Rows: one per site and fleet rollout. Kept.
CREATE TABLE fleet_rollout_sites (
    id UUID PRIMARY KEY,
    fleet_rollout_id UUID NOT NULL REFERENCES fleet_rollouts (id),
    site_id UUID NOT NULL REFERENCES sites (id),
    wave INTEGER NOT NULL CHECK (wave >= 0),
    position INTEGER NOT NULL CHECK (position >= 0),
    way fleet_site_way NOT NULL,
    state fleet_site_state NOT NULL,
    deployment_id UUID REFERENCES model_deployments (id),
    previous_model_id UUID REFERENCES ai_models (id),
    cameras JSONB,
    target_id UUID,
    attempt INTEGER NOT NULL CHECK (attempt >= 0),
    is_accepted BOOLEAN NOT NULL,
    reason TEXT NOT NULL,
    since TIMESTAMPTZ NOT NULL,
    UNIQUE (fleet_rollout_id, site_id),
    UNIQUE (fleet_rollout_id, position)
);

CREATE INDEX fleet_rollout_sites_site_id_idx ON fleet_rollout_sites (site_id);
CREATE INDEX fleet_rollout_sites_under_way_idx ON fleet_rollout_sites (fleet_rollout_id)
    WHERE state IN ('starting', 'moving', 'returning');
