-- The cluster's id, from its first start on; empty before.
ALTER TABLE configuration ADD COLUMN cluster_id TEXT NOT NULL DEFAULT '';
