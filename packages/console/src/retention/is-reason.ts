const SHORTEST = 10
const LONGEST = 2_000

/** Whether what somebody wrote says why: long enough to be a reason, and no longer than the form lets it be. */
export function isReason(text: string): boolean {
  return text.length >= SHORTEST && text.length <= LONGEST
}
