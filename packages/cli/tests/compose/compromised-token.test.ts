import { asId, type OperatorId } from '@varco/core'
import type { Assignment } from '@varco/engagement'
import { expect, test } from 'vitest'
import { compromisedToken } from '../../src/compose/compromised-token.ts'

const IAT = 1_780_000_000
const tokenWith = (claims: object): string =>
  `e30.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.unchecked`
const CLAIMS = { iss: 'https://login.aurora.example', sub: 'anna', iat: IAT, exp: IAT + 900 }

const at = (seconds: number): bigint => BigInt(seconds) * 1_000_000n
const operator = {
  id: asId<OperatorId>('aurora:anna'),
  issuer: CLAIMS.iss,
  externalId: 'anna',
  kind: 'person',
} as const
const assignment = (pseudonym: string, from: bigint, to: bigint | null): Assignment => ({
  ...{ operator: operator.id, contract: asId('aurora-2026'), pseudonym: asId(pseudonym) },
  ...{ role: 'contact-centre.operator', unit: 'cc-1', attributes: {} },
  ...{ from, to },
})
const since = (...pseudonyms: readonly string[]): readonly Assignment[] =>
  pseudonyms.map((pseudonym) => assignment(pseudonym, at(IAT - 86_400), null))

/** A directory that knows the operator and, whatever the moment, all of their assignments. */
const knowing = (assignments: readonly Assignment[]): Parameters<typeof compromisedToken>[1] => ({
  whoIs: async (issuer, externalId) =>
    issuer === operator.issuer && externalId === operator.externalId ? { operator, assignments: [] } : null,
  assignmentsOf: async (id) => (id === operator.id ? assignments : []),
})

test('stands for who bore it, from before it was given until after it ended, as clocks may be off', async () => {
  expect(await compromisedToken(`${tokenWith(CLAIMS)}\n`, knowing(since('AUR-7F3K2', 'AUR-7F3K2')))).toEqual({
    operator: 'AUR-7F3K2',
    from: at(IAT - 60),
    to: at(IAT + 960),
  })
})

test('a change of contract while it lived leaves nothing out unsaid', async () => {
  const changed = at(IAT + 300)
  const both = knowing([assignment('AUR-2', changed, null), assignment('AUR-1', at(IAT - 900), changed)])
  expect(await compromisedToken(tokenWith(CLAIMS), both)).toBe('several')
  const begun = knowing([assignment('AUR-2', changed, null)])
  expect(await compromisedToken(tokenWith(CLAIMS), begun)).toMatchObject({ operator: 'AUR-2' })
  const apart = knowing([
    assignment('AUR-3', at(IAT + 960), null),
    ...since('AUR-2'),
    assignment('AUR-1', at(IAT - 900), at(IAT - 60)),
  ])
  expect(await compromisedToken(tokenWith(CLAIMS), apart)).toMatchObject({ operator: 'AUR-2' })
})

test('says what keeps it from being told', async () => {
  const token = tokenWith(CLAIMS)
  expect(await compromisedToken(tokenWith({ ...CLAIMS, sub: 'bruno' }), knowing(since('AUR-1')))).toBe(
    'unknown',
  )
  expect(await compromisedToken(token, knowing([]))).toBe('unknown')
  expect(await compromisedToken(token, knowing(since('AUR-1', 'AUR-2')))).toBe('several')
  const { exp: _exp, ...endless } = CLAIMS
  for (const text of ['', 'x', 'a.b.c', 'a.bnVsbA.c', tokenWith(endless), tokenWith({ ...CLAIMS, sub: 7 })])
    expect(await compromisedToken(text, knowing(since('AUR-1')))).toBe('no-token')
})
