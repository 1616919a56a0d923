/** Fewer people behind a count, and it would tell of them (L. 300/1970, art. 4). */
export const MIN_GROUP = 5
