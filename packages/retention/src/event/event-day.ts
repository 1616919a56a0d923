import { z } from 'zod'

const eventDay = z.iso.date()

/** Whether a text is a real day as `2026-11-25`. Such days alone come in the order of their text: `+012345-01-01` would come first. */
export function isEventDay(text: string): boolean {
  return eventDay.safeParse(text).success
}
