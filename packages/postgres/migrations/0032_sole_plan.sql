-- What a plan alone is for while it is open, such as one person's request: two processes cannot make two. It names nobody.
ALTER TABLE varco.retention_plans ADD COLUMN sole text;
CREATE UNIQUE INDEX retention_plans_sole ON varco.retention_plans (sole);
