/**
 * Taken shared by each slice of a run, and by whatever else must not be overtaken by a hold; and alone by whoever places a
 * hold, tells an event, or makes a contract that was over run again.
 */
export const HOLDS_LOCK = `hashtextextended('varco.holds', 0)`
