-- Records still to be done when their plan was ended before its end.
ALTER TABLE varco.retention_pages ADD COLUMN not_reached integer NOT NULL DEFAULT 0;
