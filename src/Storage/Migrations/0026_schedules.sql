-- Every few seconds the fleet asks which deployments have come to their time: only those that have one are in these.
CREATE INDEX model_deployments_scheduled_start_idx ON model_deployments (scheduled_start_time)
    WHERE deployment_status = 'pending' AND scheduled_start_time IS NOT NULL;
CREATE INDEX model_deployments_scheduled_end_idx ON model_deployments (scheduled_end_time)
    WHERE deployment_status <> 'terminated' AND scheduled_end_time IS NOT NULL;
