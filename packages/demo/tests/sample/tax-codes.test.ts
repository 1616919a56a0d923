import { belfioreConnector } from '@marketto/belfiore-connector-embedded'
import { CodiceFiscaleUtils } from '@marketto/codice-fiscale-utils'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { dayFromIso } from '../../src/sample/day.ts'
import { personName } from '../../src/sample/people.ts'
import { loadPlaces } from '../../src/sample/places.ts'
import { randomFrom } from '../../src/sample/random.ts'
import { iban, personTaxCode, vatNumber } from '../../src/sample/tax-codes.ts'

const { validator } = new CodiceFiscaleUtils(belfioreConnector)

describe('personTaxCode', () => {
  it('is the code the library’s own checker finds right for that person', async () => {
    const places = await loadPlaces()
    const random = randomFrom('tax codes')
    for (let turn = 0; turn < 150; turn += 1) {
      const person = personName(random)
      const born = random.int(dayFromIso('1935-01-01'), dayFromIso('1993-12-31'))
      const birthPlace = places.birthPlace(random, 'Lazio')
      const check = validator.codiceFiscale(personTaxCode(person, born, birthPlace.code))
      expect(await check.errors).toBeNull()
      expect(check.matchLastName(person.surname) && check.matchFirstName(person.name)).toBe(true)
      expect(check.matchGender(person.sex)).toBe(true)
      expect(check.matchBirthDate(new Date(born * 86_400_000))).toBe(true)
      expect(await check.matchBirthPlace(birthPlace.code)).toBe(true)
    }
  })
})

describe('vatNumber', () => {
  it('has a check digit that holds, an office that does not exist, and a number of its own', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 9_999_999 }),
        fc.integer({ min: 0, max: 9_999_999 }),
        (one, other) => {
          expect(luhn(vatNumber(one))).toBe(0)
          expect(vatNumber(one)).toMatch(/^\d{7}777\d$/)
          expect(vatNumber(one) === vatNumber(other)).toBe(one === other)
        },
      ),
    )
  })
})

describe('iban', () => {
  it('passes the check every bank makes, at a bank that does not exist', () => {
    const random = randomFrom('iban')
    for (let turn = 0; turn < 200; turn += 1) {
      const made = iban(random)
      expect(made).toMatch(/^IT\d{2}[A-Z]99999\d{17}$/)
      expect(moduloOf(made)).toBe(1n)
    }
  })

  it('has the control letter that the Italian rules ask for', () => {
    // The national example of the registry of IBAN formats: X for bank 05428, branch 11101, account 000000123456.
    const known = 'X0542811101000000123456'
    expect(controlLetter(known.slice(1))).toBe('X')
    const made = iban(randomFrom('letter'))
    expect(controlLetter(made.slice(5))).toBe(made.slice(4, 5))
  })
})

function luhn(digits: string): number {
  const doubled = Array.from(digits, Number)
    .toReversed()
    .map((digit, place) => (place % 2 === 0 ? digit : digit * 2))
  return doubled.reduce((sum, value) => sum + (value > 9 ? value - 9 : value), 0) % 10
}

/** ISO 7064: country and check digits go to the end, letters count from ten. */
function moduloOf(text: string): bigint {
  const moved = `${text.slice(4)}${text.slice(0, 4)}`
  return BigInt(Array.from(moved, (character) => String(Number.parseInt(character, 36))).join('')) % 97n
}

function controlLetter(account: string): string {
  const odd = [1, 0, 5, 7, 9, 13, 15, 17, 19, 21]
  const sum = Array.from(account, Number).reduce(
    (total, digit, place) => total + (place % 2 === 0 ? (odd[digit] ?? 0) : digit),
    0,
  )
  return String.fromCharCode(65 + (sum % 26))
}
