import { belfioreConnector } from '@marketto/belfiore-connector-embedded'
import { CheckDigitizer, CodiceFiscaleUtils } from '@marketto/codice-fiscale-utils'
import { isoDay, type Day } from './day.ts'
import type { PersonName } from './people.ts'
import type { Random } from './random.ts'

const { parser } = new CodiceFiscaleUtils(belfioreConnector)

/** The parts repeat far more often than whole codes do, and the library takes its time over each. */
const remembered = new Map<string, string>()

/** The tax code (codice fiscale) such a person would have, check letter included. */
export function personTaxCode(person: PersonName, born: Day, birthPlaceCode: string): string {
  const [year = '', month = '', day = ''] = isoDay(born).split('-')
  const partial = [
    part(`surname ${person.surname}`, () => parser.lastNameToCf(person.surname)),
    part(`name ${person.name}`, () => parser.firstNameToCf(person.name)),
    part(`year ${year}`, () => parser.yearToCf(year)),
    part(`month ${month}`, () => parser.monthToCf(Number(month) - 1)),
    part(`day ${day} ${person.sex}`, () => parser.dayGenderToCf(Number(day), person.sex)),
    birthPlaceCode,
  ].join('')
  return `${partial}${CheckDigitizer.checkDigit(partial) ?? ''}`
}

function part(key: string, make: () => string | null): string {
  const seen = remembered.get(key)
  if (seen !== undefined) return seen
  const made = make() ?? ''
  remembered.set(key, made)
  return made
}

/** An office that issues no VAT numbers: the check digit is right, and yet no real firm has the number. */
const NO_OFFICE = '777'

/** A firm's VAT number (partita IVA), which is its tax code too; different for each serial. */
export function vatNumber(serial: number): string {
  const digits = `${String(serial).padStart(7, '0')}${NO_OFFICE}`
  const sum = Array.from(digits, Number).reduce((total, digit, place) => {
    const value = digit * (place % 2 === 0 ? 1 : 2)
    return total + (value > 9 ? value - 9 : value)
  }, 0)
  return `${digits}${(10 - (sum % 10)) % 10}`
}

/** A bank code that belongs to no bank. */
const NO_BANK = '99999'
const ODD_VALUES = [1, 0, 5, 7, 9, 13, 15, 17, 19, 21]

/** An Italian IBAN with the right control characters, at a bank that does not exist. */
export function iban(random: Random): string {
  const account = `${NO_BANK}${random.digits(5)}${random.digits(12)}`
  const control = Array.from(account, Number).reduce(
    (sum, digit, place) => sum + (place % 2 === 0 ? (ODD_VALUES[digit] ?? 0) : digit),
    0,
  )
  const letter = String.fromCharCode(65 + (control % 26))
  // ISO 7064: letters count from 10, `IT00` goes to the end.
  const number = `${letter.charCodeAt(0) - 55}${account}182900`
  const check = 98n - (BigInt(number) % 97n)
  return `IT${String(check).padStart(2, '0')}${letter}${account}`
}
