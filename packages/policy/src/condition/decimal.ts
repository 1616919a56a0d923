const DECIMAL = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d{1,4}))?$/

/** Beyond any catalogue's needs, and short enough that nothing can be made to hang. */
const LONGEST = 2_000
/** A `numeric` of PostgreSQL has up to 131,072 digits before its point, and 16,383 after it. */
export const LONGEST_STORED = 150_000

/** The one text of a decimal number: no leading or trailing zeros, no exponent, no `-0`. `null` when it is none. */
export function canonicalDecimal(text: string, longest = LONGEST): string | null {
  if (text.length > longest) return null
  const match = DECIMAL.exec(text)
  if (match === null) return null
  const [, sign = '', whole = '', fraction = '', exponent = '0'] = match
  if (whole === '' && fraction === '') return null
  const shift = Number(exponent)
  if (Math.abs(shift) > LONGEST) return null
  const padded =
    shift >= 0 ? `${whole}${fraction.padEnd(shift, '0')}` : `${'0'.repeat(-shift)}${whole}${fraction}`
  const point = shift >= 0 ? whole.length + shift : whole.length
  const units = padded.slice(0, point).replace(/^0+/, '')
  // By hand: an expression for the zeros at the end looks at every run of zeros to its end, and a caller may send many.
  let end = padded.length
  while (end > point && padded[end - 1] === '0') end -= 1
  const decimals = padded.slice(point, end)
  if (units === '' && decimals === '') return '0'
  return `${sign === '-' ? '-' : ''}${units === '' ? '0' : units}${decimals === '' ? '' : `.${decimals}`}`
}

/** Orders two canonical decimals exactly; PostgreSQL's `-Infinity`, `Infinity` and (above all) `NaN` too. */
export function compareDecimals(a: string, b: string): number {
  if (a === b) return 0
  const ranks = rank(a) - rank(b)
  if (ranks !== 0) return ranks
  if (a.startsWith('-') !== b.startsWith('-')) return a.startsWith('-') ? -1 : 1
  return a.startsWith('-') ? comparePositive(b.slice(1), a.slice(1)) : comparePositive(a, b)
}

function rank(text: string): number {
  if (text === '-Infinity') return -1
  if (text === 'Infinity') return 1
  return text === 'NaN' ? 2 : 0
}

function comparePositive(a: string, b: string): number {
  const [unitsA = '', decimalsA = ''] = a.split('.')
  const [unitsB = '', decimalsB = ''] = b.split('.')
  if (unitsA.length !== unitsB.length) return unitsA.length - unitsB.length
  if (unitsA !== unitsB) return unitsA < unitsB ? -1 : 1
  if (decimalsA === decimalsB) return 0
  return decimalsA < decimalsB ? -1 : 1
}
