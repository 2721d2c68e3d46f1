-- 0: the model looks at every frame that the camera's sampling gives.
ALTER TABLE model_deployments DROP CONSTRAINT model_deployments_processing_interval_seconds_check;
ALTER TABLE model_deployments
    ADD CONSTRAINT model_deployments_processing_interval_seconds_check CHECK (processing_interval_seconds >= 0);
