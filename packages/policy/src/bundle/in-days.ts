import { Temporal } from 'temporal-polyfill'

/** Near enough to order two periods that differ by more than days. */
export function inDays(period: string): number {
  const { years, months, days } = Temporal.Duration.from(period)
  return years * 365 + months * 30 + days
}
