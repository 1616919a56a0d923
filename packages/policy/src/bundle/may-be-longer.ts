import { Temporal } from 'temporal-polyfill'

const DAYS_A_MONTH = 30.436_875
/** So many months are never further from their average: a month alone has 28 to 31 days. */
const OFF_AT_MOST = 3

/** Whether a period lasts longer than another, counted from some day or other: a month may be longer than P30D, and shorter. */
export function mayBeLonger(period: string, other: string): boolean {
  const [a, b] = [inMonthsAndDays(period), inMonthsAndDays(other)]
  const months = a.months - b.months
  return a.days - b.days + months * DAYS_A_MONTH + (months === 0 ? 0 : OFF_AT_MOST) > 0
}

/** Counted from whatever day. */
export function isLonger(period: string, other: string): boolean {
  return mayBeLonger(period, other) && !mayBeLonger(other, period)
}

function inMonthsAndDays(period: string): { readonly months: number; readonly days: number } {
  const { years, months, days } = Temporal.Duration.from(period)
  return { months: years * 12 + months, days }
}
