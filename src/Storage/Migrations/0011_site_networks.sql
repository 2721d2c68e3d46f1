-- Private networks in which cameras of the site may be, written like 10.20.0.0/16. None by default: a worker connects to
-- addresses of the internet alone.
ALTER TABLE sites ADD COLUMN allowed_networks TEXT[] NOT NULL DEFAULT '{}';
