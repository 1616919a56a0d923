import { asId, isoToMicros } from '@varco/core'
import type { Assignment, KnownOperator } from '@varco/engagement'
import { expect, test } from 'vitest'
import { compromisedToken } from '../../src/compose/compromised-token.ts'

const IAT = 1_780_000_000
const tokenWith = (claims: object): string =>
  `e30.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.unchecked`
const CLAIMS = { iss: 'https://login.aurora.example', sub: 'anna', iat: IAT, exp: IAT + 900 }

const known = (...pseudonyms: readonly string[]): KnownOperator => ({
  operator: { id: asId('aurora:anna'), issuer: CLAIMS.iss, externalId: 'anna', kind: 'person' },
  assignments: pseudonyms.map((pseudonym): Assignment => ({
    ...{ operator: asId('aurora:anna'), contract: asId('aurora-2026'), pseudonym: asId(pseudonym) },
    ...{ role: 'contact-centre.operator', unit: 'cc-1', attributes: {} },
    ...{ from: isoToMicros('2026-01-01T00:00:00Z') ?? 0n, to: null },
  })),
})

test('stands for who bore it when it was given, from then until it ended', async () => {
  const asked: unknown[] = []
  const found = await compromisedToken(`${tokenWith(CLAIMS)}\n`, async (...question) => {
    asked.push(question)
    return known('AUR-7F3K2', 'AUR-7F3K2')
  })
  expect(asked).toEqual([[CLAIMS.iss, 'anna', BigInt(IAT) * 1_000_000n]])
  expect(found).toEqual({
    operator: 'AUR-7F3K2',
    from: BigInt(IAT) * 1_000_000n,
    to: BigInt(IAT + 960) * 1_000_000n,
  })
})

test('says what keeps it from being told', async () => {
  const token = tokenWith(CLAIMS)
  expect(await compromisedToken(token, async () => null)).toBe('unknown')
  expect(await compromisedToken(token, async () => known())).toBe('unknown')
  expect(await compromisedToken(token, async () => known('AUR-1', 'AUR-2'))).toBe('several')
  const { exp: _exp, ...endless } = CLAIMS
  for (const text of ['', 'x', 'a.b.c', 'a.bnVsbA.c', tokenWith(endless), tokenWith({ ...CLAIMS, sub: 7 })])
    expect(await compromisedToken(text, async () => known('AUR-1'))).toBe('no-token')
})
