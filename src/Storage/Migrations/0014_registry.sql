-- The registry beyond the customer's columns: what approval, licensing and validation know of a version, its configuration's
-- revisions, aliases, categories, and what was live where and when.
ALTER TABLE ai_models
    ADD COLUMN changelog TEXT,
    ADD COLUMN source_url VARCHAR(2000),
    ADD COLUMN configuration_revision INTEGER NOT NULL DEFAULT 1 CHECK (configuration_revision > 0),
    ADD COLUMN validation JSONB,
    ADD COLUMN decisions JSONB NOT NULL DEFAULT '[]',
    ADD COLUMN attached_files JSONB NOT NULL DEFAULT '[]',
    ADD COLUMN license_expires_at TIMESTAMPTZ,
    ADD COLUMN license_seats INTEGER CHECK (license_seats > 0);

-- Files of models stand in two columns more than before: whoever writes a row holds them, and they are in use.
CREATE OR REPLACE FUNCTION hold_model_files() RETURNS TRIGGER
LANGUAGE plpgsql AS $$
DECLARE
    named RECORD;
BEGIN
    FOR named IN
        SELECT field, path
        FROM (
            VALUES
                ('model_file_path', NEW.model_file_path),
                ('config_file_path', NEW.config_file_path),
                ('weights_file_path', NEW.weights_file_path),
                ('labels_file_path', NEW.labels_file_path)
            UNION ALL
            SELECT 'attached_files', attached.value ->> 'path'
            FROM jsonb_array_elements(NEW.attached_files) AS attached
        ) AS paths (field, path)
        WHERE path ~ '^sha256/[0-9a-f]{64}$'
    LOOP
        PERFORM 1 FROM model_files WHERE sha256 = substr(named.path, 8) FOR KEY SHARE;
        IF NOT FOUND THEN
            RAISE EXCEPTION 'No stored file %', named.path USING
                ERRCODE = 'foreign_key_violation',
                TABLE = 'ai_models',
                COLUMN = named.field,
                CONSTRAINT = 'ai_models_' || named.field || '_fkey';
        END IF;
    END LOOP;
    RETURN NEW;
END
$$;

DROP TRIGGER ai_models_hold_model_files ON ai_models;

CREATE TRIGGER ai_models_hold_model_files
    BEFORE INSERT OR UPDATE OF model_file_path, config_file_path, weights_file_path, labels_file_path, attached_files ON ai_models
    FOR EACH ROW EXECUTE FUNCTION hold_model_files();

-- A deployment that follows an alias runs whatever version the alias names; model_id is that version.
ALTER TABLE model_deployments
    ADD COLUMN model_alias VARCHAR(50),
    ADD COLUMN license_override TEXT;

CREATE INDEX model_deployments_model_alias_idx ON model_deployments (model_alias) WHERE model_alias IS NOT NULL;

-- ai_models.category names one of these: the customer's four families and their kinds, and whatever an owner adds.
-- Written by each category's grain. Rows: tens. Kept for good.
CREATE TYPE alert_severity AS ENUM ('low', 'medium', 'high', 'critical');

CREATE TABLE model_categories (
    id UUID PRIMARY KEY,
    name VARCHAR(255) NOT NULL CHECK (name <> ''),
    family VARCHAR(255) NOT NULL CHECK (family <> ''),
    description TEXT,

    -- What a model of the category gets where its uploader says nothing
    model_type model_type NOT NULL DEFAULT 'object_detection',
    default_classes JSONB NOT NULL DEFAULT '[]',
    confidence_threshold NUMERIC(3,2) NOT NULL DEFAULT 0.50 CHECK (confidence_threshold BETWEEN 0 AND 1),
    alert_severity alert_severity NOT NULL DEFAULT 'medium',

    -- A picture on which every model of the category must find something; null: not asked
    known_positive_file_path VARCHAR(500),
    known_positive_classes JSONB NOT NULL DEFAULT '[]',
    known_positive_confidence NUMERIC(3,2) NOT NULL DEFAULT 0.40 CHECK (known_positive_confidence BETWEEN 0 AND 1),

    created_at TIMESTAMPTZ NOT NULL DEFAULT CURRENT_TIMESTAMP,
    updated_at TIMESTAMPTZ NOT NULL DEFAULT CURRENT_TIMESTAMP,
    UNIQUE (name)
);

CREATE FUNCTION hold_known_positive() RETURNS TRIGGER
LANGUAGE plpgsql AS $$
BEGIN
    PERFORM 1 FROM model_files WHERE sha256 = substr(NEW.known_positive_file_path, 8) FOR KEY SHARE;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'No stored file %', NEW.known_positive_file_path USING
            ERRCODE = 'foreign_key_violation',
            TABLE = 'model_categories',
            COLUMN = 'known_positive_file_path',
            CONSTRAINT = 'model_categories_known_positive_file_path_fkey';
    END IF;
    RETURN NEW;
END
$$;

CREATE TRIGGER model_categories_hold_known_positive
    BEFORE INSERT OR UPDATE OF known_positive_file_path ON model_categories
    FOR EACH ROW WHEN (NEW.known_positive_file_path ~ '^sha256/[0-9a-f]{64}$')
    EXECUTE FUNCTION hold_known_positive();

CREATE OR REPLACE FUNCTION is_model_file_used(path TEXT) RETURNS BOOLEAN
LANGUAGE sql STABLE AS $$
    SELECT EXISTS (
        SELECT 1
        FROM ai_models
        WHERE path IN (model_file_path, config_file_path, weights_file_path, labels_file_path)
            OR attached_files @> jsonb_build_array(jsonb_build_object('path', path))
    )
    OR EXISTS (
        SELECT 1
        FROM model_categories
        WHERE known_positive_file_path = path
    )
$$;

CREATE INDEX ai_models_attached_files_idx ON ai_models USING GIN (attached_files jsonb_path_ops);

CREATE TRIGGER model_categories_touch_updated_at
    BEFORE UPDATE ON model_categories
    FOR EACH ROW EXECUTE FUNCTION touch_updated_at();

-- Ids are derived from names (see ModelCategoryKey), so that a grain finds its row by the name.
INSERT INTO model_categories (id, family, name, description, model_type, default_classes, confidence_threshold, alert_severity)
SELECT
    encode(substr(sha256(convert_to('model-category' || chr(31) || lower(seed.name COLLATE "C"), 'UTF8')), 1, 16), 'hex')::UUID,
    seed.family, seed.name, seed.description, seed.model_type::model_type, seed.classes::JSONB, seed.threshold,
    seed.severity::alert_severity
FROM (VALUES
    ('Safety Compliance', 'Safety Compliance', 'Whether people on the site are safe.', 'object_detection', '["person", "helmet", "safety_vest"]', 0.50, 'high'),
    ('Safety Compliance', 'PPE Detection', 'PPE detection and compliance monitoring.', 'object_detection', '["person", "helmet", "safety_vest", "no_helmet", "no_safety_vest"]', 0.50, 'high'),
    ('Safety Compliance', 'Safety Violation Behavior', 'Safety violation behavior analysis.', 'behavior_analysis', '["person", "violation"]', 0.60, 'high'),
    ('Safety Compliance', 'Hazard Identification', 'Hazard identification and assessment.', 'object_detection', '["hazard"]', 0.40, 'critical'),
    ('Safety Compliance', 'Emergency Response', 'Emergency response optimization.', 'behavior_analysis', '["person", "fall", "fire", "smoke"]', 0.40, 'critical'),
    ('Equipment Management', 'Equipment Management', 'What the machines of the site do.', 'object_detection', '["excavator", "crane", "truck"]', 0.50, 'medium'),
    ('Equipment Management', 'Equipment Tracking', 'Equipment tracking and identification.', 'object_tracking', '["excavator", "crane", "truck", "loader"]', 0.50, 'medium'),
    ('Equipment Management', 'Equipment Condition', 'Equipment condition assessment.', 'classification', '["intact", "worn", "damaged"]', 0.60, 'medium'),
    ('Equipment Management', 'Maintenance Prediction', 'Maintenance prediction models.', 'classification', '["no_maintenance", "maintenance_due"]', 0.60, 'low'),
    ('Equipment Management', 'Utilization Optimization', 'Utilization optimization analysis.', 'object_tracking', '["working", "idle"]', 0.50, 'low'),
    ('Personnel Tracking', 'Personnel Tracking', 'Where people are.', 'person_detection', '["person"]', 0.50, 'medium'),
    ('Personnel Tracking', 'Person Detection', 'Person detection and counting.', 'person_detection', '["person"]', 0.50, 'medium'),
    ('Personnel Tracking', 'Worker Activity', 'Worker activity analysis.', 'behavior_analysis', '["person"]', 0.50, 'low'),
    ('Personnel Tracking', 'Access Control', 'Access control and verification.', 'person_detection', '["person", "face"]', 0.60, 'high'),
    ('Personnel Tracking', 'Productivity Measurement', 'Productivity measurement models.', 'behavior_analysis', '["person"]', 0.50, 'low'),
    ('Quality Control', 'Quality Control', 'How well the work is done.', 'defect_detection', '["defect"]', 0.50, 'medium'),
    ('Quality Control', 'Defect Detection', 'Defect detection and classification.', 'defect_detection', '["crack", "spalling", "corrosion"]', 0.50, 'medium'),
    ('Quality Control', 'Construction Quality', 'Construction quality assessment.', 'classification', '["accepted", "rework"]', 0.60, 'medium'),
    ('Quality Control', 'Material Inspection', 'Material inspection automation.', 'defect_detection', '["material", "defect"]', 0.50, 'low'),
    ('Quality Control', 'Compliance Verification', 'Compliance verification models.', 'classification', '["compliant", "not_compliant"]', 0.60, 'medium')
) AS seed (family, name, description, model_type, classes, threshold, severity);

-- What models of before say: categories of their own family.
INSERT INTO model_categories (id, family, name)
SELECT DISTINCT ON (lower(category COLLATE "C"))
    encode(substr(sha256(convert_to('model-category' || chr(31) || lower(category COLLATE "C"), 'UTF8')), 1, 16), 'hex')::UUID, category, category
FROM ai_models
WHERE category <> ''
ON CONFLICT DO NOTHING;

-- Names that move: @champion of a model, of the whole fleet or of one site. Ids are derived (see ModelAliasKey).
-- Written by each alias's grain. Rows: a few per model and site. Kept until removed.
CREATE TABLE model_aliases (
    id UUID PRIMARY KEY,
    name VARCHAR(255) NOT NULL CHECK (name <> ''),
    site_id UUID REFERENCES sites (id),
    alias VARCHAR(50) NOT NULL CHECK (alias ~ '^[a-z][a-z0-9_-]*$'),
    model_id UUID NOT NULL REFERENCES ai_models (id),
    set_by UUID REFERENCES users (id),
    created_at TIMESTAMPTZ NOT NULL DEFAULT CURRENT_TIMESTAMP,
    updated_at TIMESTAMPTZ NOT NULL DEFAULT CURRENT_TIMESTAMP
);

CREATE INDEX model_aliases_name_idx ON model_aliases (name, alias);
CREATE INDEX model_aliases_model_id_idx ON model_aliases (model_id);

CREATE TRIGGER model_aliases_touch_updated_at
    BEFORE UPDATE ON model_aliases
    FOR EACH ROW EXECUTE FUNCTION touch_updated_at();

-- Every configuration that a model version has had. Written by the trigger below, with the model's row.
-- Rows: a few per model version. Kept as long as the version.
CREATE TABLE model_configuration_revisions (
    model_id UUID NOT NULL REFERENCES ai_models (id) ON DELETE CASCADE,
    revision INTEGER NOT NULL CHECK (revision > 0),
    configuration JSONB,
    author UUID REFERENCES users (id),
    created_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (model_id, revision)
);

CREATE FUNCTION keep_model_configuration() RETURNS TRIGGER
LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO model_configuration_revisions (model_id, revision, configuration, author, created_at)
    VALUES (NEW.id, NEW.configuration_revision, NEW.configuration, COALESCE(NEW.last_modified_by, NEW.created_by), NEW.updated_at)
    ON CONFLICT (model_id, revision) DO UPDATE SET configuration = EXCLUDED.configuration;
    RETURN NULL;
END
$$;

CREATE TRIGGER ai_models_keep_configuration
    AFTER INSERT OR UPDATE OF configuration, configuration_revision ON ai_models
    FOR EACH ROW EXECUTE FUNCTION keep_model_configuration();

INSERT INTO model_configuration_revisions (model_id, revision, configuration, author, created_at)
SELECT id, configuration_revision, configuration, created_by, created_at
FROM ai_models;

-- What was live where, from when to when, in which configuration, and who had approved it. A period ends when the deployment
-- stops, takes another version, or the version another configuration. Written by the triggers below, with the rows they tell of.
-- Rows: one per deployment and change of it. Kept for good.
CREATE TABLE deployment_periods (
    id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    deployment_id UUID NOT NULL REFERENCES model_deployments (id),
    site_id UUID NOT NULL REFERENCES sites (id),
    model_id UUID NOT NULL REFERENCES ai_models (id),
    configuration_revision INTEGER NOT NULL,
    deployed_by UUID REFERENCES users (id),
    decisions JSONB NOT NULL,
    live_from TIMESTAMPTZ NOT NULL,
    live_until TIMESTAMPTZ CHECK (live_until >= live_from)
);

CREATE INDEX deployment_periods_site_id_idx ON deployment_periods (site_id, live_from DESC);
CREATE INDEX deployment_periods_model_id_idx ON deployment_periods (model_id, live_from DESC);
CREATE UNIQUE INDEX deployment_periods_open_idx ON deployment_periods (deployment_id) WHERE live_until IS NULL;

CREATE FUNCTION open_deployment_period(deployment model_deployments, begins TIMESTAMPTZ) RETURNS VOID
LANGUAGE sql AS $$
    INSERT INTO deployment_periods (
        deployment_id, site_id, model_id, configuration_revision, deployed_by, decisions, live_from)
    SELECT deployment.id, deployment.site_id, model.id, model.configuration_revision, deployment.deployed_by, model.decisions, begins
    FROM ai_models AS model
    WHERE model.id = deployment.model_id
$$;

CREATE FUNCTION close_deployment_period(deployment UUID, ends TIMESTAMPTZ) RETURNS VOID
LANGUAGE sql AS $$
    UPDATE deployment_periods
    SET live_until = GREATEST(ends, live_from)
    WHERE deployment_id = deployment AND live_until IS NULL
$$;

CREATE FUNCTION note_deployment_period() RETURNS TRIGGER
LANGUAGE plpgsql AS $$
DECLARE
    was_live BOOLEAN := TG_OP = 'UPDATE' AND OLD.deployment_status = 'active';
    is_live  BOOLEAN := NEW.deployment_status = 'active';
BEGIN
    IF was_live AND is_live AND OLD.model_id = NEW.model_id THEN
        RETURN NULL;
    END IF;
    IF was_live THEN
        PERFORM close_deployment_period(NEW.id, NEW.updated_at);
    END IF;
    IF is_live THEN
        PERFORM open_deployment_period(NEW, NEW.updated_at);
    END IF;
    RETURN NULL;
END
$$;

CREATE TRIGGER model_deployments_note_period
    AFTER INSERT OR UPDATE OF deployment_status, model_id ON model_deployments
    FOR EACH ROW EXECUTE FUNCTION note_deployment_period();

CREATE FUNCTION note_configuration_period() RETURNS TRIGGER
LANGUAGE plpgsql AS $$
DECLARE
    deployment model_deployments;
BEGIN
    FOR deployment IN
        SELECT * FROM model_deployments WHERE model_id = NEW.id AND deployment_status = 'active'
    LOOP
        PERFORM close_deployment_period(deployment.id, NEW.updated_at);
        PERFORM open_deployment_period(deployment, NEW.updated_at);
    END LOOP;
    RETURN NULL;
END
$$;

CREATE TRIGGER ai_models_note_configuration_period
    AFTER UPDATE OF configuration_revision ON ai_models
    FOR EACH ROW WHEN (OLD.configuration_revision <> NEW.configuration_revision)
    EXECUTE FUNCTION note_configuration_period();

SELECT open_deployment_period(deployment, COALESCE(deployment.deployed_at, deployment.created_at))
FROM model_deployments AS deployment
WHERE deployment.deployment_status = 'active';

-- Deploying and archiving at the same moment: one waits for the other's row and then sees it.
CREATE FUNCTION refuse_archived_model() RETURNS TRIGGER
LANGUAGE plpgsql AS $$
DECLARE
    found model_status;
BEGIN
    SELECT status INTO found FROM ai_models WHERE id = NEW.model_id FOR SHARE;
    IF found = 'archived' THEN
        RAISE EXCEPTION 'The model version was archived meanwhile; take another one.' USING
            ERRCODE = 'integrity_constraint_violation', TABLE = TG_TABLE_NAME, COLUMN = 'model_id';
    END IF;
    RETURN NEW;
END
$$;

CREATE TRIGGER model_deployments_refuse_archived_model
    BEFORE INSERT OR UPDATE OF deployment_status, model_id ON model_deployments
    FOR EACH ROW WHEN (NEW.deployment_status IN ('pending', 'deploying', 'active', 'paused'))
    EXECUTE FUNCTION refuse_archived_model();

CREATE FUNCTION refuse_archiving_what_is_live() RETURNS TRIGGER
LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT 1
        FROM model_deployments
        WHERE NEW.id IN (model_id, rollback_model_id)
            AND deployment_status IN ('pending', 'deploying', 'active', 'paused')
    ) THEN
        RAISE EXCEPTION 'The model version was deployed meanwhile; end its deployments first.' USING
            ERRCODE = 'integrity_constraint_violation', TABLE = TG_TABLE_NAME, COLUMN = 'status';
    END IF;
    RETURN NEW;
END
$$;

CREATE TRIGGER ai_models_refuse_archiving_what_is_live
    BEFORE UPDATE OF status ON ai_models
    FOR EACH ROW WHEN (NEW.status = 'archived' AND OLD.status <> 'archived')
    EXECUTE FUNCTION refuse_archiving_what_is_live();

-- What lists sort and filter by.
CREATE INDEX ai_models_name_idx ON ai_models (name, id);
CREATE INDEX ai_models_updated_at_idx ON ai_models (updated_at, id);
CREATE INDEX ai_models_inference_time_ms_idx ON ai_models (inference_time_ms, id);
CREATE INDEX ai_models_throughput_fps_idx ON ai_models (throughput_fps, id);
CREATE INDEX ai_models_baseline_f1_score_idx ON ai_models (baseline_f1_score, id);
CREATE INDEX ai_models_baseline_accuracy_idx ON ai_models (baseline_accuracy, id);
CREATE INDEX ai_models_model_file_size_mb_idx ON ai_models (model_file_size_mb, id);
CREATE INDEX ai_models_category_idx ON ai_models (category, created_at DESC, id DESC);
CREATE INDEX ai_models_status_idx ON ai_models (status, created_at DESC, id DESC);
CREATE INDEX ai_models_search_idx ON ai_models USING GIN (
    to_tsvector('simple', name || ' ' || version || ' ' || category || ' ' || COALESCE(framework, '') || ' '
        || COALESCE(architecture, '') || ' ' || COALESCE(author, '') || ' ' || COALESCE(organization, '') || ' '
        || COALESCE(description, '')));

-- Answers to POSTs that bore an Idempotency-Key, encrypted, so that a repetition gets the answer of the first. status null: under way.
-- Written by the API. Rows: one per such request. Kept for a day.
CREATE TABLE idempotent_requests (
    user_id UUID NOT NULL REFERENCES users (id),
    key VARCHAR(200) NOT NULL,
    request TEXT NOT NULL,
    fingerprint BYTEA NOT NULL,
    started_at TIMESTAMPTZ NOT NULL,
    status INTEGER,
    answer BYTEA,
    PRIMARY KEY (user_id, key)
);

CREATE INDEX idempotent_requests_started_at_idx ON idempotent_requests (started_at);
