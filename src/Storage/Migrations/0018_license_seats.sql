-- Cameras that run a version of this name, with those that one deployment looks at.
CREATE FUNCTION license_seats_taken(licensed TEXT, deployment_id UUID, deployed_at UUID, sources JSONB) RETURNS INTEGER
LANGUAGE sql STABLE AS $$
    WITH looking (site_id, cameras) AS (
        SELECT deployment.site_id, deployment.input_sources
        FROM model_deployments AS deployment
        JOIN ai_models AS model ON model.id = deployment.model_id
        WHERE model.name = licensed
            AND deployment.id <> deployment_id
            AND deployment.deployment_status IN ('pending', 'deploying', 'active', 'paused')
        UNION ALL
        SELECT deployed_at, sources
    )
    SELECT COUNT(DISTINCT camera.id)::INTEGER
    FROM looking
    JOIN cameras AS camera
        ON camera.site_id = looking.site_id
        AND (looking.cameras IS NULL OR looking.cameras ? camera.id::TEXT)
$$;

-- Deployments of one licence one after the other: two that were judged at the same moment would take the last seat twice.
CREATE FUNCTION hold_license_seats() RETURNS TRIGGER
LANGUAGE plpgsql AS $$
DECLARE
    licensed RECORD;
    seats INTEGER;
BEGIN
    SELECT name, version, license_seats INTO licensed FROM ai_models WHERE id = NEW.model_id;
    IF licensed.license_seats IS NULL OR NEW.license_override IS NOT NULL THEN
        RETURN NEW;
    END IF;

    PERFORM pg_advisory_xact_lock(hashtextextended('license ' || licensed.name, 0));
    seats := license_seats_taken(licensed.name, NEW.id, NEW.site_id, NEW.input_sources);
    IF seats > licensed.license_seats THEN
        RAISE EXCEPTION 'The licence of % % is for % cameras; with these it would run on %. Whoever may override it gives the reason in license_override.',
            licensed.name, licensed.version, licensed.license_seats, seats USING
            ERRCODE = 'integrity_constraint_violation', TABLE = TG_TABLE_NAME, COLUMN = 'model_id';
    END IF;
    RETURN NEW;
END
$$;

CREATE TRIGGER model_deployments_hold_license_seats
    BEFORE INSERT ON model_deployments
    FOR EACH ROW WHEN (NEW.deployment_status IN ('pending', 'deploying', 'active', 'paused'))
    EXECUTE FUNCTION hold_license_seats();

-- What a live deployment has already it keeps: only more than that is judged.
CREATE TRIGGER model_deployments_hold_more_license_seats
    BEFORE UPDATE OF model_id, input_sources, deployment_status ON model_deployments
    FOR EACH ROW WHEN (NEW.deployment_status IN ('pending', 'deploying', 'active', 'paused') AND (
        OLD.deployment_status NOT IN ('pending', 'deploying', 'active', 'paused')
        OR NEW.model_id <> OLD.model_id
        OR NEW.input_sources IS DISTINCT FROM OLD.input_sources))
    EXECUTE FUNCTION hold_license_seats();
