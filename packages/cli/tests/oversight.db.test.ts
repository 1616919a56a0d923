import { asId } from '@varco/core'
import { FIXTURE_NOW, grantFact } from '@varco/engagement/testing'
import { commitOf, findingOf } from '@varco/oversight/testing'
import { openGrantStore, postgresOversightStore } from '@varco/postgres'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openMigratedCommandLine, type CommandLine } from './command-line.ts'

let terminal: CommandLine

beforeAll(async () => {
  terminal = await openMigratedCommandLine()
})

afterAll(() => terminal[Symbol.asyncDispose]())

const varco: CommandLine['varco'] = (...argv) => terminal.varco(...argv)

interface ListedAlert {
  readonly id: string
  readonly rule: string
  readonly state: string
  readonly operator: string | null
}

async function listed(...argv: readonly string[]): Promise<readonly ListedAlert[]> {
  const { exitCode, stdout } = await varco('--json', 'alerts', 'list', '--by', 'DPO-1', ...argv)
  expect(exitCode).toBe(0)
  return JSON.parse(stdout) as readonly ListedAlert[]
}

/** The bodies of the log's events of one kind, oldest first. */
async function recorded(kind: string): Promise<readonly { readonly [key: string]: unknown }[]> {
  const { rows } = await terminal.database.pool.query<{ body: string }>(
    `SELECT body::text AS body FROM varco.events WHERE body->>'kind' = $1 ORDER BY at_us, seq`,
    [kind],
  )
  return rows.map(({ body }) => JSON.parse(body) as { readonly [key: string]: unknown })
}

describe('varco alerts', () => {
  beforeAll(async () => {
    await postgresOversightStore(terminal.database).commit(
      commitOf({
        findings: [
          findingOf(),
          findingOf({ key: 'off-hours|AUR-2|1', rule: 'off-hours', operator: 'AUR-2' }),
          findingOf({
            ...{ key: 'ticket-splitting|b|T', rule: 'ticket-splitting', operator: null },
            contract: 'brumalba-2022',
          }),
        ],
      }),
    )
  })

  test('lists alerts with their facts in words, by state, rule and contract, and its reading is in the log', async () => {
    const { exitCode, stdout } = await varco('alerts', 'list', '--by', 'DPO-1')
    expect(exitCode).toBe(0)
    expect(stdout).toMatch(/A-[0-9a-f]{16} {2}open {2}self {2}AUR-1 · aurora-2026/)
    expect(stdout).toContain('L’interessato è chi guarda.')
    expect((await listed()).map(({ rule }) => rule).toSorted()).toEqual([
      ...['off-hours', 'self', 'ticket-splitting'],
    ])
    expect((await listed('--rule', 'self')).map(({ operator }) => operator)).toEqual(['AUR-1'])
    expect((await listed('--contract', 'brumalba-2022')).map(({ rule }) => rule)).toEqual([
      'ticket-splitting',
    ])
    expect(await listed('--state', 'confirmed')).toEqual([])
    expect((await recorded('log-read')).at(-1)).toMatchObject({ operator: 'DPO-1', detail: { alerts: 0 } })
  })

  test('explains one, once, and confirms one, from which 72 hours run', async () => {
    const [self] = await listed('--rule', 'self')
    const [late] = await listed('--rule', 'off-hours')
    const explained = ['alerts', 'explain', self?.id ?? '', '--by', 'DPO-1'] as const
    expect(await varco(...explained, '--reason', 'short')).toMatchObject({ exitCode: 2 })
    expect(await recorded('alert-answered')).toEqual([])
    const reason = ['--reason', 'asked for by the person themselves'] as const
    expect(await varco(...explained, ...reason)).toMatchObject({ exitCode: 0 })
    expect(await varco(...explained, ...reason)).toMatchObject({
      exitCode: 1,
      stderr: 'varco: the alert was answered before\n',
    })
    const before = Date.now()
    const confirmed = await varco('--json', 'alerts', 'confirm', late?.id ?? '', '--by', 'DPO-1', ...reason)
    const { notifyBy } = JSON.parse(confirmed.stdout) as { notifyBy: string }
    const hours = (Date.parse(notifyBy) - before) / 3_600_000
    expect(hours).toBeGreaterThanOrEqual(72)
    expect(hours).toBeLessThan(73)
    const answers = await recorded('alert-answered')
    expect(answers).toMatchObject([
      { operator: 'DPO-1', detail: { alert: self?.id, state: 'explained', notifyBy: null } },
      { operator: 'DPO-1', detail: { alert: late?.id, state: 'confirmed' } },
    ])
    // What somebody wrote may name people, and the log never forgets.
    expect(JSON.stringify(answers)).not.toContain('themselves')
    expect((await listed('--state', 'open')).map(({ rule }) => rule)).toEqual(['ticket-splitting'])
  })

  test('lets nobody answer an alert about themselves, and nobody answer one that is not there', async () => {
    await postgresOversightStore(terminal.database).commit(
      commitOf({ base: 1, findings: [findingOf({ key: 'vip|AUR-3|1', rule: 'vip', operator: 'AUR-3' })] }),
    )
    const [own] = await listed('--rule', 'vip')
    const reason = ['--reason', 'there is nothing to see here'] as const
    expect(await varco('alerts', 'explain', own?.id ?? '', '--by', 'AUR-3', ...reason)).toMatchObject({
      exitCode: 1,
      stderr: 'varco: nobody answers an alert about themselves\n',
    })
    expect(await varco('alerts', 'confirm', 'A-none', '--by', 'DPO-1', ...reason)).toMatchObject({
      exitCode: 1,
      stderr: 'varco: there is no such alert\n',
    })
    expect((await listed('--rule', 'vip'))[0]?.state).toBe('open')
  })
})

describe('varco grant', () => {
  test('tells of reviews that are late, without whose records they were about, and ends with 1', async () => {
    expect(await varco('grant', 'overdue', '--by', 'DPO-1')).toMatchObject({
      exitCode: 0,
      stdout: 'no review is late\n',
    })
    const grants = openGrantStore(terminal.database)
    const taken = { state: 'approved', decidedAt: FIXTURE_NOW, expiresAt: FIXTURE_NOW + 1n } as const
    await grants.addGrant(grantFact())
    await grants.addGrant(
      grantFact({ ...taken, id: asId('G-late'), emergency: { reviewDue: 1n, review: null } }),
    )
    await grants.addGrant(
      grantFact({ ...taken, id: asId('G-due'), emergency: { reviewDue: 2n ** 60n, review: null } }),
    )
    const late = await varco('grant', 'overdue', '--by', 'DPO-1')
    expect(late.exitCode).toBe(1)
    expect(late.stdout).toContain('G-late')
    expect(late.stdout).not.toMatch(/G-due|G-1\b|day of release/)
    const all = await varco('--json', 'grant', 'list', '--by', 'DPO-1')
    expect(all.stdout).not.toContain('day of release')
    const states = (JSON.parse(all.stdout) as readonly { id: string; state: string }[]).map(
      ({ id, state }) => `${id} ${state}`,
    )
    expect(states.toSorted()).toEqual(['G-1 asked', 'G-due expired', 'G-late expired'])
    expect((await recorded('log-read')).at(-1)).toMatchObject({ operator: 'DPO-1', detail: { grants: 3 } })
  })
})
