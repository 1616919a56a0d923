/**
 * So long after the end of a stretch of the log, in microseconds, nothing comes to it any more: the times of a writer only grow, and no
 * process is further behind.
 */
export const SETTLED_US = 3_600_000_000n
