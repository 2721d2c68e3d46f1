-- Which deployment took the place of another one is asked for with each call of an ended deployment's address.
CREATE INDEX rollouts_settled_idx ON rollouts (stable_deployment_id, created_at DESC, id DESC) WHERE is_settled;
