-- The customer's tables, column by column as they wrote them: UUID, VARCHAR and TEXT as they stand, DECIMAL as NUMERIC,
-- JSON as JSONB, TIMESTAMP as TIMESTAMPTZ, each ENUM as a type of its own. Beyond their text: NOT NULL where the value
-- always exists, CHECKs on ranges, and the columns marked as the pipeline's own.

-- ai_models.model_type
CREATE TYPE model_type AS ENUM (
    'object_detection',
    'object_tracking',
    'person_detection',
    'behavior_analysis',
    'defect_detection',
    'classification',
    'segmentation',
    'custom'
);

-- ai_models.status
CREATE TYPE model_status AS ENUM (
    'development',
    'training',
    'testing',
    'validation',
    'approved',
    'deprecated',
    'archived'
);

-- ai_models.lifecycle_stage
CREATE TYPE lifecycle_stage AS ENUM (
    'experimental',
    'beta',
    'stable',
    'mature',
    'legacy'
);

-- ai_models.approval_status
CREATE TYPE approval_status AS ENUM (
    'pending',
    'approved',
    'rejected',
    'requires_review'
);

-- model_deployments.deployment_status
CREATE TYPE deployment_status AS ENUM (
    'pending',
    'deploying',
    'active',
    'paused',
    'failed',
    'terminated'
);

-- model_deployments.deployment_type
CREATE TYPE deployment_type AS ENUM (
    'production',
    'staging',
    'testing',
    'canary',
    'blue_green'
);

-- model_deployments.deployment_strategy
CREATE TYPE deployment_strategy AS ENUM (
    'immediate',
    'gradual',
    'scheduled',
    'on_demand'
);

-- model_deployments.priority_level
CREATE TYPE priority_level AS ENUM (
    'low',
    'medium',
    'high',
    'critical'
);

-- model_training_jobs.training_type
CREATE TYPE training_type AS ENUM (
    'initial_training',
    'fine_tuning',
    'transfer_learning',
    'incremental_learning',
    'reinforcement_learning'
);

-- model_training_jobs.job_status
CREATE TYPE job_status AS ENUM (
    'queued',
    'initializing',
    'running',
    'paused',
    'completed',
    'failed',
    'cancelled'
);

-- model_evaluation_results.evaluation_type
CREATE TYPE evaluation_type AS ENUM (
    'validation',
    'test',
    'benchmark',
    'production_sample',
    'a_b_test',
    'stress_test'
);

-- model_evaluation_results.review_status
CREATE TYPE review_status AS ENUM (
    'pending',
    'approved',
    'requires_revision',
    'rejected'
);

-- ON UPDATE CURRENT_TIMESTAMP: an update that does not set updated_at itself gets the time of the change.
CREATE FUNCTION touch_updated_at() RETURNS TRIGGER
LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.updated_at IS NOT DISTINCT FROM OLD.updated_at THEN
        NEW.updated_at = CURRENT_TIMESTAMP;
    END IF;
    RETURN NEW;
END
$$;

-- People. For now only what the customer's foreign keys point at.
-- Written by administrators. Rows: hundreds. Kept for good.
CREATE TABLE users (
    id UUID PRIMARY KEY,
    created_at TIMESTAMPTZ NOT NULL DEFAULT CURRENT_TIMESTAMP
);

-- Construction sites: base fields and the customer's additional ones.
-- Written by each site's grain. Rows: tens to hundreds. Kept for good.
CREATE TABLE sites (
    id UUID PRIMARY KEY,
    name VARCHAR(255) NOT NULL CHECK (name <> ''),
    time_zone VARCHAR(100) NOT NULL DEFAULT 'UTC',
    country_code CHAR(2) CHECK (country_code ~ '^[A-Z]{2}$'),

    -- AI model deployment configuration
    deployed_models JSONB NOT NULL DEFAULT '[]',
    ai_processing_capacity VARCHAR(100),
    model_deployment_preferences JSONB,
    custom_model_configurations JSONB,

    created_at TIMESTAMPTZ NOT NULL DEFAULT CURRENT_TIMESTAMP,
    updated_at TIMESTAMPTZ NOT NULL DEFAULT CURRENT_TIMESTAMP,
    UNIQUE (name)
);

CREATE INDEX sites_created_at_idx ON sites (created_at DESC, id DESC);

CREATE TRIGGER sites_touch_updated_at
    BEFORE UPDATE ON sites
    FOR EACH ROW EXECUTE FUNCTION touch_updated_at();

-- Model versions: a row per version, rows of one name are its versions. The customer's table.
-- Written by each model's grain. Rows: tens a year. Kept for good; archived, not deleted.
CREATE TABLE ai_models (
    id UUID PRIMARY KEY,
    name VARCHAR(255) NOT NULL CHECK (name <> ''),
    model_type model_type NOT NULL,
    category VARCHAR(255) NOT NULL,

    -- Version and metadata
    version VARCHAR(50) NOT NULL CHECK (version <> ''),
    description TEXT,
    framework VARCHAR(100),
    architecture VARCHAR(255),
    author VARCHAR(255),
    organization VARCHAR(255),

    -- Model files and storage
    model_file_path VARCHAR(500) NOT NULL CHECK (model_file_path <> ''),
    model_file_size_mb NUMERIC(10,2),
    config_file_path VARCHAR(500),
    weights_file_path VARCHAR(500),
    labels_file_path VARCHAR(500),
    documentation_url VARCHAR(500),

    -- Training information
    training_dataset_info JSONB,
    training_images_count INTEGER,
    validation_images_count INTEGER,
    test_images_count INTEGER,
    training_duration_hours NUMERIC(8,2),
    training_completed_date TIMESTAMPTZ,
    training_compute_cost NUMERIC(10,2),

    -- Model specifications
    input_resolution_width INTEGER CHECK (input_resolution_width > 0),
    input_resolution_height INTEGER CHECK (input_resolution_height > 0),
    input_channels INTEGER NOT NULL DEFAULT 3 CHECK (input_channels > 0),
    output_classes JSONB,
    batch_size_optimal INTEGER CHECK (batch_size_optimal > 0),
    batch_size_max INTEGER CHECK (batch_size_max > 0),
    memory_requirement_gb NUMERIC(8,2),

    -- Performance characteristics
    baseline_accuracy NUMERIC(5,2),
    baseline_precision NUMERIC(5,2),
    baseline_recall NUMERIC(5,2),
    baseline_f1_score NUMERIC(5,2),
    inference_time_ms NUMERIC(8,3),
    throughput_fps NUMERIC(8,2),
    confidence_threshold_default NUMERIC(3,2) NOT NULL DEFAULT 0.50 CHECK (confidence_threshold_default BETWEEN 0 AND 1),

    -- Deployment requirements
    min_gpu_memory_gb NUMERIC(6,2),
    recommended_gpu_models JSONB,
    cpu_cores_required INTEGER,
    ram_requirement_gb NUMERIC(6,2),
    storage_requirement_gb NUMERIC(8,2),
    network_bandwidth_mbps INTEGER,

    -- Status and lifecycle
    status model_status NOT NULL DEFAULT 'development',
    lifecycle_stage lifecycle_stage NOT NULL DEFAULT 'experimental',
    approval_status approval_status NOT NULL DEFAULT 'pending',
    approved_by UUID REFERENCES users (id),
    approved_at TIMESTAMPTZ,

    -- Licensing and compliance
    license_type VARCHAR(100),
    license_restrictions TEXT,
    compliance_certifications JSONB,
    regulatory_approvals JSONB,
    export_restrictions TEXT,
    intellectual_property_notes TEXT,

    -- Dependencies and compatibility
    dependency_requirements JSONB,
    framework_version VARCHAR(50),
    python_version_min VARCHAR(20),
    cuda_version_required VARCHAR(20),
    compatibility_notes TEXT,

    created_at TIMESTAMPTZ NOT NULL DEFAULT CURRENT_TIMESTAMP,
    updated_at TIMESTAMPTZ NOT NULL DEFAULT CURRENT_TIMESTAMP,
    created_by UUID REFERENCES users (id),
    last_modified_by UUID REFERENCES users (id),

    -- The pipeline's own: how pictures go in and objects come out, as registration resolved it
    configuration JSONB,
    UNIQUE (name, version)
);

CREATE INDEX ai_models_created_at_idx ON ai_models (created_at DESC, id DESC);
CREATE INDEX ai_models_model_file_path_idx ON ai_models (model_file_path);

CREATE TRIGGER ai_models_touch_updated_at
    BEFORE UPDATE ON ai_models
    FOR EACH ROW EXECUTE FUNCTION touch_updated_at();

-- One model version at work on one site. The customer's table.
-- Written by each deployment's grain. Rows: models times sites, hundreds. Kept for good.
CREATE TABLE model_deployments (
    id UUID PRIMARY KEY,
    model_id UUID NOT NULL REFERENCES ai_models (id),
    site_id UUID NOT NULL REFERENCES sites (id),
    deployment_name VARCHAR(255) NOT NULL CHECK (deployment_name <> ''),

    -- Deployment configuration
    deployment_status deployment_status NOT NULL DEFAULT 'pending',
    deployment_type deployment_type NOT NULL DEFAULT 'production',
    deployment_strategy deployment_strategy NOT NULL DEFAULT 'immediate',

    -- Configuration parameters
    confidence_threshold NUMERIC(3,2) NOT NULL CHECK (confidence_threshold BETWEEN 0 AND 1),
    batch_size INTEGER NOT NULL CHECK (batch_size > 0),
    processing_interval_seconds INTEGER NOT NULL DEFAULT 1 CHECK (processing_interval_seconds > 0),
    max_concurrent_requests INTEGER NOT NULL DEFAULT 10 CHECK (max_concurrent_requests > 0),
    timeout_seconds INTEGER NOT NULL DEFAULT 30 CHECK (timeout_seconds > 0),

    -- Resource allocation
    allocated_gpu_memory_gb NUMERIC(6,2),
    allocated_cpu_cores INTEGER,
    allocated_ram_gb NUMERIC(6,2),
    priority_level priority_level NOT NULL DEFAULT 'medium',
    resource_limits JSONB,

    -- Deployment timing
    scheduled_start_time TIMESTAMPTZ,
    scheduled_end_time TIMESTAMPTZ,
    deployed_at TIMESTAMPTZ,
    last_health_check TIMESTAMPTZ,
    next_maintenance_window TIMESTAMPTZ,

    -- Performance settings
    auto_scaling_enabled BOOLEAN NOT NULL DEFAULT FALSE,
    min_instances INTEGER NOT NULL DEFAULT 1 CHECK (min_instances >= 0),
    max_instances INTEGER NOT NULL DEFAULT 3 CHECK (max_instances >= min_instances),
    scale_up_threshold NUMERIC(5,2) NOT NULL DEFAULT 80.00 CHECK (scale_up_threshold BETWEEN 0 AND 100),
    scale_down_threshold NUMERIC(5,2) NOT NULL DEFAULT 30.00 CHECK (scale_down_threshold BETWEEN 0 AND 100),

    -- Monitoring and alerting
    monitoring_enabled BOOLEAN NOT NULL DEFAULT TRUE,
    alert_on_errors BOOLEAN NOT NULL DEFAULT TRUE,
    alert_on_performance_degradation BOOLEAN NOT NULL DEFAULT TRUE,
    performance_alert_threshold NUMERIC(5,2) NOT NULL DEFAULT 10.00,
    error_rate_alert_threshold NUMERIC(5,2) NOT NULL DEFAULT 5.00,

    -- Integration settings
    input_sources JSONB,
    output_destinations JSONB,
    preprocessing_pipeline JSONB,
    postprocessing_pipeline JSONB,

    -- Rollback and versioning
    rollback_model_id UUID REFERENCES ai_models (id),
    rollback_enabled BOOLEAN NOT NULL DEFAULT TRUE,
    previous_deployment_id UUID,
    deployment_notes TEXT,
    rollback_trigger_conditions JSONB,

    -- Access control
    authorized_users JSONB,
    api_access_enabled BOOLEAN NOT NULL DEFAULT FALSE,
    api_key VARCHAR(255),
    rate_limit_requests_per_minute INTEGER NOT NULL DEFAULT 100 CHECK (rate_limit_requests_per_minute > 0),

    created_at TIMESTAMPTZ NOT NULL DEFAULT CURRENT_TIMESTAMP,
    updated_at TIMESTAMPTZ NOT NULL DEFAULT CURRENT_TIMESTAMP,
    deployed_by UUID REFERENCES users (id),
    CHECK (scale_down_threshold <= scale_up_threshold)
);

CREATE INDEX model_deployments_created_at_idx ON model_deployments (created_at DESC, id DESC);
CREATE INDEX model_deployments_site_id_idx ON model_deployments (site_id, deployment_status);
CREATE INDEX model_deployments_model_id_idx ON model_deployments (model_id);

CREATE TRIGGER model_deployments_touch_updated_at
    BEFORE UPDATE ON model_deployments
    FOR EACH ROW EXECUTE FUNCTION touch_updated_at();

-- One five-minute window of one deployment; metric_timestamp is the window's start. The customer's table.
-- Written by each window's grain. Rows: 288 a day per active deployment. Kept for good.
-- Null means not known; the defaults are the customer's and hold for rows written by hand.
CREATE TABLE model_performance_metrics (
    id UUID PRIMARY KEY,
    deployment_id UUID NOT NULL REFERENCES model_deployments (id),
    metric_timestamp TIMESTAMPTZ NOT NULL DEFAULT CURRENT_TIMESTAMP,
    collection_period_minutes INTEGER NOT NULL DEFAULT 5 CHECK (collection_period_minutes > 0),

    -- Performance metrics
    accuracy_percentage NUMERIC(5,2),
    precision_percentage NUMERIC(5,2),
    recall_percentage NUMERIC(5,2),
    f1_score NUMERIC(5,2),
    confidence_score_avg NUMERIC(3,2),
    inference_time_avg_ms NUMERIC(8,3),
    inference_time_p95_ms NUMERIC(8,3),
    throughput_fps NUMERIC(8,2),

    -- Detection statistics
    total_detections INTEGER DEFAULT 0,
    true_positives INTEGER DEFAULT 0,
    false_positives INTEGER DEFAULT 0,
    true_negatives INTEGER DEFAULT 0,
    false_negatives INTEGER DEFAULT 0,
    detection_rate_per_hour NUMERIC(8,2),

    -- Resource utilization
    cpu_utilization_avg NUMERIC(5,2),
    cpu_utilization_max NUMERIC(5,2),
    gpu_utilization_avg NUMERIC(5,2),
    gpu_utilization_max NUMERIC(5,2),
    memory_usage_avg_gb NUMERIC(8,2),
    memory_usage_max_gb NUMERIC(8,2),
    gpu_memory_usage_avg_gb NUMERIC(6,2),
    gpu_memory_usage_max_gb NUMERIC(6,2),

    -- Network and I/O metrics
    network_bandwidth_usage_mbps NUMERIC(8,2),
    disk_io_read_mb NUMERIC(10,2),
    disk_io_write_mb NUMERIC(10,2),
    api_requests_per_minute INTEGER DEFAULT 0,
    api_response_time_avg_ms NUMERIC(8,2),

    -- Error tracking
    total_errors INTEGER DEFAULT 0,
    preprocessing_errors INTEGER DEFAULT 0,
    inference_errors INTEGER DEFAULT 0,
    postprocessing_errors INTEGER DEFAULT 0,
    timeout_errors INTEGER DEFAULT 0,
    memory_errors INTEGER DEFAULT 0,
    error_rate_percentage NUMERIC(5,2),

    -- Quality metrics
    data_quality_score NUMERIC(5,2),
    prediction_consistency_score NUMERIC(5,2),
    drift_detection_score NUMERIC(5,2),
    anomaly_detection_count INTEGER DEFAULT 0,

    -- Business impact metrics
    cost_per_inference NUMERIC(10,6),
    cost_per_detection NUMERIC(10,4),
    roi_impact_score NUMERIC(8,2),
    user_satisfaction_score NUMERIC(3,1) CHECK (user_satisfaction_score BETWEEN 1 AND 10),
    business_value_generated NUMERIC(12,2),

    -- Comparative analysis
    baseline_performance_diff NUMERIC(6,2),
    previous_period_performance_diff NUMERIC(6,2),
    industry_benchmark_comparison NUMERIC(6,2),
    peer_model_performance_rank INTEGER,

    -- Environmental factors
    temperature_celsius NUMERIC(4,1),
    humidity_percentage NUMERIC(5,2),
    ambient_light_conditions VARCHAR(100),
    network_latency_ms INTEGER,
    data_center_load_percentage NUMERIC(5,2),

    created_at TIMESTAMPTZ NOT NULL DEFAULT CURRENT_TIMESTAMP,
    calculated_at TIMESTAMPTZ NOT NULL DEFAULT CURRENT_TIMESTAMP,

    -- The pipeline's own counters
    frames_decoded BIGINT NOT NULL DEFAULT 0 CHECK (frames_decoded >= 0),
    frames_inferred BIGINT NOT NULL DEFAULT 0 CHECK (frames_inferred >= 0),
    frames_skipped_sampling BIGINT NOT NULL DEFAULT 0 CHECK (frames_skipped_sampling >= 0),
    frames_skipped_no_motion BIGINT NOT NULL DEFAULT 0 CHECK (frames_skipped_no_motion >= 0),
    frames_skipped_superseded BIGINT NOT NULL DEFAULT 0 CHECK (frames_skipped_superseded >= 0),
    frames_skipped_queue_full BIGINT NOT NULL DEFAULT 0 CHECK (frames_skipped_queue_full >= 0),
    frames_skipped_timed_out BIGINT NOT NULL DEFAULT 0 CHECK (frames_skipped_timed_out >= 0),
    frames_skipped_model_not_ready BIGINT NOT NULL DEFAULT 0 CHECK (frames_skipped_model_not_ready >= 0),
    frames_skipped_failed BIGINT NOT NULL DEFAULT 0 CHECK (frames_skipped_failed >= 0),
    frames_skipped_stopped BIGINT NOT NULL DEFAULT 0 CHECK (frames_skipped_stopped >= 0),
    frames_lost BIGINT NOT NULL DEFAULT 0 CHECK (frames_lost >= 0),
    queue_time_avg_ms NUMERIC(10,3),
    preprocess_time_avg_ms NUMERIC(10,3),
    postprocess_time_avg_ms NUMERIC(10,3),
    latency_p95_ms NUMERIC(10,3),
    closed_at TIMESTAMPTZ,
    UNIQUE (deployment_id, metric_timestamp)
);

CREATE INDEX model_performance_metrics_timestamp_idx ON model_performance_metrics (metric_timestamp DESC, id DESC);

-- Training runs. The customer's table.
-- Written by each job's grain. Rows: tens a month. Kept for good.
CREATE TABLE model_training_jobs (
    id UUID PRIMARY KEY,
    model_id UUID NOT NULL REFERENCES ai_models (id),
    job_name VARCHAR(255) NOT NULL CHECK (job_name <> ''),
    job_description TEXT,

    -- Job configuration
    training_type training_type NOT NULL,
    base_model_id UUID REFERENCES ai_models (id),
    dataset_id UUID,
    hyperparameters JSONB,

    -- Resource allocation
    compute_instance_type VARCHAR(100),
    gpu_count INTEGER NOT NULL DEFAULT 1 CHECK (gpu_count >= 0),
    gpu_type VARCHAR(100),
    cpu_cores INTEGER NOT NULL DEFAULT 8,
    memory_gb INTEGER NOT NULL DEFAULT 32,
    storage_gb INTEGER NOT NULL DEFAULT 100,

    -- Training parameters
    epochs INTEGER NOT NULL DEFAULT 100 CHECK (epochs > 0),
    batch_size INTEGER NOT NULL DEFAULT 32 CHECK (batch_size > 0),
    learning_rate NUMERIC(10,8) NOT NULL DEFAULT 0.001,
    optimizer VARCHAR(50) NOT NULL DEFAULT 'Adam',
    loss_function VARCHAR(100),
    validation_split NUMERIC(3,2) NOT NULL DEFAULT 0.20 CHECK (validation_split >= 0 AND validation_split < 1),
    early_stopping_patience INTEGER NOT NULL DEFAULT 10,

    -- Status tracking
    job_status job_status NOT NULL DEFAULT 'queued',
    progress_percentage NUMERIC(5,2) NOT NULL DEFAULT 0.00 CHECK (progress_percentage BETWEEN 0 AND 100),
    current_epoch INTEGER NOT NULL DEFAULT 0 CHECK (current_epoch >= 0),
    estimated_completion_time TIMESTAMPTZ,
    actual_completion_time TIMESTAMPTZ,

    -- Performance tracking
    current_loss NUMERIC(12,8),
    current_accuracy NUMERIC(5,2),
    best_loss NUMERIC(12,8),
    best_accuracy NUMERIC(5,2),
    best_epoch INTEGER,
    validation_loss NUMERIC(12,8),
    validation_accuracy NUMERIC(5,2),

    -- Cost tracking
    compute_cost_per_hour NUMERIC(8,4),
    estimated_total_cost NUMERIC(10,2),
    actual_cost NUMERIC(10,2),
    cost_budget_limit NUMERIC(10,2),
    cost_alert_threshold NUMERIC(10,2),

    -- Results and artifacts
    output_model_path VARCHAR(500),
    checkpoint_paths JSONB,
    log_file_path VARCHAR(500),
    tensorboard_log_path VARCHAR(500),
    metrics_file_path VARCHAR(500),
    confusion_matrix_path VARCHAR(500),

    -- Error handling
    error_message TEXT,
    error_stack_trace TEXT,
    retry_count INTEGER NOT NULL DEFAULT 0 CHECK (retry_count >= 0),
    max_retries INTEGER NOT NULL DEFAULT 3,
    auto_restart_on_failure BOOLEAN NOT NULL DEFAULT TRUE,

    -- Notifications
    notification_recipients JSONB,
    notification_on_completion BOOLEAN NOT NULL DEFAULT TRUE,
    notification_on_failure BOOLEAN NOT NULL DEFAULT TRUE,
    notification_on_milestone BOOLEAN NOT NULL DEFAULT FALSE,
    slack_webhook_url VARCHAR(500),

    -- Experiment tracking
    experiment_name VARCHAR(255),
    experiment_tags JSONB,
    parent_experiment_id UUID,
    experiment_notes TEXT,
    reproducibility_seed INTEGER,

    created_at TIMESTAMPTZ NOT NULL DEFAULT CURRENT_TIMESTAMP,
    started_at TIMESTAMPTZ,
    completed_at TIMESTAMPTZ,
    created_by UUID REFERENCES users (id)
);

CREATE INDEX model_training_jobs_created_at_idx ON model_training_jobs (created_at DESC, id DESC);
CREATE INDEX model_training_jobs_model_id_idx ON model_training_jobs (model_id);

-- Evaluations of model versions. The customer's table.
-- Written by each evaluation's grain. Rows: tens a month. Kept for good.
CREATE TABLE model_evaluation_results (
    id UUID PRIMARY KEY,
    model_id UUID NOT NULL REFERENCES ai_models (id),
    evaluation_name VARCHAR(255) NOT NULL CHECK (evaluation_name <> ''),
    evaluation_type evaluation_type NOT NULL,

    -- Evaluation dataset information
    dataset_id UUID,
    dataset_size INTEGER CHECK (dataset_size >= 0),
    dataset_description TEXT,
    evaluation_date TIMESTAMPTZ NOT NULL DEFAULT CURRENT_TIMESTAMP,
    evaluation_duration_minutes INTEGER,

    -- Overall performance metrics
    overall_accuracy NUMERIC(5,2),
    overall_precision NUMERIC(5,2),
    overall_recall NUMERIC(5,2),
    overall_f1_score NUMERIC(5,2),
    micro_f1_score NUMERIC(5,2),
    macro_f1_score NUMERIC(5,2),
    weighted_f1_score NUMERIC(5,2),

    -- Per-class performance metrics
    class_wise_metrics JSONB,
    confusion_matrix JSONB,
    classification_report JSONB,

    -- Detection-specific metrics (for object detection models)
    mean_average_precision_50 NUMERIC(5,2),
    mean_average_precision_75 NUMERIC(5,2),
    mean_average_precision_50_95 NUMERIC(5,2),
    average_recall_100 NUMERIC(5,2),
    average_recall_300 NUMERIC(5,2),
    average_recall_1000 NUMERIC(5,2),

    -- Performance distribution
    confidence_score_distribution JSONB,
    inference_time_distribution JSONB,
    accuracy_by_confidence_threshold JSONB,
    roc_curve_data JSONB,
    precision_recall_curve_data JSONB,

    -- Resource performance
    evaluation_cpu_time_seconds NUMERIC(10,3),
    evaluation_gpu_time_seconds NUMERIC(10,3),
    peak_memory_usage_gb NUMERIC(8,2),
    average_inference_time_ms NUMERIC(8,3),
    throughput_images_per_second NUMERIC(8,2),

    -- Robustness testing
    adversarial_accuracy NUMERIC(5,2),
    noise_robustness_score NUMERIC(5,2),
    lighting_robustness_score NUMERIC(5,2),
    occlusion_robustness_score NUMERIC(5,2),
    scale_robustness_score NUMERIC(5,2),

    -- Bias and fairness metrics
    demographic_parity_score NUMERIC(5,2),
    equalized_odds_score NUMERIC(5,2),
    calibration_score NUMERIC(5,2),
    bias_detection_results JSONB,
    fairness_constraints_met BOOLEAN NOT NULL DEFAULT FALSE,

    -- Business impact assessment
    cost_per_evaluation NUMERIC(8,4),
    business_accuracy_score NUMERIC(5,2),
    false_positive_cost_impact NUMERIC(10,2),
    false_negative_cost_impact NUMERIC(10,2),
    roi_projection NUMERIC(10,2),

    -- Comparison metrics
    baseline_model_comparison JSONB,
    previous_version_comparison JSONB,
    competitor_model_comparison JSONB,
    human_performance_comparison NUMERIC(6,2),

    -- Quality assurance
    data_quality_issues JSONB,
    model_quality_score NUMERIC(5,2),
    deployment_readiness_score NUMERIC(5,2),
    risk_assessment_score NUMERIC(5,2),

    -- Files and artifacts
    evaluation_report_path VARCHAR(500),
    detailed_results_path VARCHAR(500),
    visualization_files JSONB,
    raw_predictions_path VARCHAR(500),
    error_analysis_path VARCHAR(500),

    -- Review and approval
    reviewed_by UUID REFERENCES users (id),
    review_status review_status NOT NULL DEFAULT 'pending',
    review_date TIMESTAMPTZ,
    review_comments TEXT,
    approval_for_production BOOLEAN NOT NULL DEFAULT FALSE,

    created_at TIMESTAMPTZ NOT NULL DEFAULT CURRENT_TIMESTAMP,
    updated_at TIMESTAMPTZ NOT NULL DEFAULT CURRENT_TIMESTAMP,
    evaluated_by UUID REFERENCES users (id)
);

CREATE INDEX model_evaluation_results_created_at_idx ON model_evaluation_results (created_at DESC, id DESC);
CREATE INDEX model_evaluation_results_model_id_idx ON model_evaluation_results (model_id);

CREATE TRIGGER model_evaluation_results_touch_updated_at
    BEFORE UPDATE ON model_evaluation_results
    FOR EACH ROW EXECUTE FUNCTION touch_updated_at();
