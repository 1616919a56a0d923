-- A month of declared work that is closed stays as it is: nothing is handed in, changed or deleted, and it is not opened
-- again. Another entry of the log may take the place of the one that closed it, for two people may close it anew.
-- Whoever owns the tables can take this away; what they then do is seen by the log (`varco work check`).
CREATE FUNCTION varco.keep_closed_work() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' AND NEW.closed_event IS NOT NULL THEN
    OLD.closed_event := NEW.closed_event;
    IF NEW IS NOT DISTINCT FROM OLD THEN
      RETURN NEW;
    END IF;
  END IF;
  RAISE EXCEPTION 'a closed month of declared work stays as it is' USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER keep_closed_work BEFORE UPDATE OR DELETE ON varco.work_months
  FOR EACH ROW WHEN (OLD.closed_event IS NOT NULL) EXECUTE FUNCTION varco.keep_closed_work();
