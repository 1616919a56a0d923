/** Between two looks at pages that other processes have, in milliseconds: each is left after the slice under way. */
export const OTHERS_MS = 100
