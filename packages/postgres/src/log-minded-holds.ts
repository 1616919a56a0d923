/** Lets nobody place or release a hold until the transaction is over; those who read them do not wait. */
export const LOCK_HOLDS = 'LOCK TABLE varco.holds IN SHARE MODE'

/** Whether a hold is in force that is not among those of the first parameter, an array of ids. */
export const OTHER_HOLDS =
  'EXISTS (SELECT FROM varco.holds WHERE released_us IS NULL AND id <> ALL ($1::text[]))'
