-- Who kept a hold on when they looked at it last, and why.
ALTER TABLE varco.holds ADD COLUMN reviewed_by text, ADD COLUMN reviewed_us bigint, ADD COLUMN review_reason text;
