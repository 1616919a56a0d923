/** The reason beside an access's others where a record that no honest task touches was shown: the gate says so, the watch looks for it. */
export const CANARY_TOUCHED = 'canary-touched'
