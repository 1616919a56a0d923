import { randomBytes, randomUUID } from 'node:crypto'
import { asId, type Pseudonym, type WriterId } from '@varco/core'
import { ManualClock } from '@varco/core/testing'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { generateLogKeys } from '../keys/log-keys.ts'
import { openAccessLogReader } from '../reading/open-access-log-reader.ts'
import {
  openIdentityVault,
  VaultRefusedError,
  type IdentityVault,
  type VaultOptions,
} from '../vault/identity-vault.ts'
import type { VaultStore } from '../vault/vault-store.ts'
import { openAccessLog, type AccessLogWriter } from '../writer/open-access-log.ts'
import { failingStore } from './failing-store.ts'
import { memoryLogStore } from './memory-log-store.ts'

export interface VaultStoreUnderTest extends AsyncDisposable {
  readonly store: VaultStore
}

/** What the identity vault promises, on any store; run on each implementation. */
export function vaultContract(open: () => Promise<VaultStoreUnderTest>): void {
  const anna = { issuer: 'https://login.nord.example', externalId: 'anna.verdi' }
  const keys = generateLogKeys('gse.example/varco')
  let under: VaultStoreUnderTest
  let logStore: ReturnType<typeof failingStore>
  let log: AccessLogWriter
  let clock: ManualClock
  let options: VaultOptions
  let vault: IdentityVault

  beforeEach(async () => {
    under = await open()
    clock = new ManualClock(1_795_500_000_000_000n)
    const memory = memoryLogStore()
    logStore = failingStore(memory)
    log = await openAccessLog({ store: logStore, keys, clock, writer: asId<WriterId>('console-1') })
    const reader = openAccessLogReader({ store: memory, keys })
    options = { store: under.store, secret: randomBytes(32), log, reader, clock, newId: randomUUID }
    vault = await openIdentityVault(options)
  })

  afterEach(async () => {
    await log[Symbol.asyncDispose]()
    await under[Symbol.asyncDispose]()
  })

  const asked = async (by = 'dpo-1'): Promise<string> => {
    const pseudonym = await vault.enroll(anna, 'nord-2026')
    return (
      await vault.request({ pseudonym, caseId: 'CASE-7', reason: 'slow look-ups over many offices', by })
    ).id
  }
  const refusal = async (attempt: Promise<unknown>): Promise<string> => {
    const error = await attempt.then(
      () => null,
      (thrown: unknown) => thrown,
    )
    return error instanceof VaultRefusedError ? error.reason : 'no refusal'
  }

  describe('pseudonyms', () => {
    test('stay the same for a person under a contract, and rotate with it', async () => {
      const first = await vault.enroll(anna, 'nord-2026')
      expect(await vault.enroll(anna, 'nord-2026')).toBe(first)
      expect(await vault.enroll(anna, 'sud-2027')).not.toBe(first)
      expect(await vault.enroll(anna, null)).not.toBe(first)
      expect(await vault.enroll({ ...anna, externalId: 'anna.rossi' }, 'nord-2026')).not.toBe(first)
      expect(first).toMatch(/^op-[0-9a-z]{12}$/)
    })

    test('are others under another secret', async () => {
      const other = await openIdentityVault({ ...options, secret: randomBytes(32) })
      expect(await other.enroll(anna, 'nord-2026')).not.toBe(await vault.enroll(anna, 'nord-2026'))
    })

    test('the store holds nothing readable of a person', async () => {
      const pseudonym = await vault.enroll(anna, 'nord-2026')
      const kept = await under.store.find(pseudonym)
      const text = Buffer.from(kept?.sealed ?? []).toString('latin1')
      expect(text.length).toBeGreaterThan(20)
      expect(text).not.toContain('anna')
      expect(text).not.toContain('login')
    })
  })

  describe('opening an identity', () => {
    test('takes a case, a reason and a second person, and leaves a trace the worker can read', async () => {
      const id = await asked()
      expect((await vault.pending()).map((request) => request.id)).toEqual([id])
      expect(await vault.approve(id, 'dpo-2')).toEqual(anna)
      expect(await vault.pending()).toEqual([])
      const pseudonym = await vault.enroll(anna, 'nord-2026')
      expect(await vault.openingsOf(pseudonym)).toMatchObject([
        {
          caseId: 'CASE-7',
          reason: 'slow look-ups over many offices',
          requestedBy: 'dpo-1',
          approvedBy: 'dpo-2',
        },
      ])
      expect(await vault.openingsOf(await vault.enroll(anna, null))).toEqual([])
    })

    test('lets it be said for that case alone, and once the log has it', async () => {
      const id = await asked()
      const pseudonym = await vault.enroll(anna, 'nord-2026')
      const other = await vault.enroll(anna, null)
      const openedFor = async (caseId: string, of: readonly string[] = [pseudonym, other]) =>
        vault.openedFor(caseId, new Set(of))
      expect(await openedFor('CASE-7'), 'asked for is not opened').toEqual([])
      await vault.approve(id, 'dpo-2')
      const opening = { caseId: 'CASE-7', requestedBy: 'dpo-1', approvedBy: 'dpo-2' }
      expect(await openedFor('CASE-7')).toMatchObject([{ pseudonym, identity: anna, opening }])
      expect(await openedFor('CASE-8')).toEqual([])
      expect(await openedFor('CASE-7', [other])).toEqual([])
      // Who can write to the tables and not to the log opens nothing.
      const forged = { id: 'forged', pseudonym: other, caseId: 'CASE-7', reason: 'none whatsoever' }
      await under.store.addRequest({
        ...{ ...forged, requestedBy: 'dpo-1', requestedAt: clock.now() },
        ...{ outcome: null, decidedBy: null, decidedAt: null },
      })
      await under.store.decide('forged', { outcome: 'opened', decidedBy: 'dpo-2', decidedAt: clock.now() })
      expect(await openedFor('CASE-7')).toHaveLength(1)
    })

    test('leaves each of its steps in the log, and a step that cannot be recorded is not taken', async () => {
      const { reader } = options
      const kinds = async (): Promise<readonly string[]> =>
        (await reader.search({ limit: 10 })).events
          .map(({ kind }) => kind)
          .filter((kind) => kind.startsWith('identity-'))
      const first = await asked()
      await vault.refuse(first, 'dpo-2')
      expect(await kinds()).toEqual(['identity-refused', 'identity-requested'])
      const second = await asked()
      logStore.away = true
      await expect(asked()).rejects.toMatchObject({ code: 'unavailable' })
      await expect(vault.refuse(second, 'dpo-2')).rejects.toMatchObject({ code: 'unavailable' })
      logStore.away = false
      expect((await vault.pending()).map(({ id }) => id)).toEqual([second])
      await vault.approve(second, 'dpo-2')
      expect((await kinds()).slice(0, 2)).toEqual(['identity-opened', 'identity-requested'])
    })

    test('is refused to the person who asked', async () => {
      const id = await asked('dpo-1')
      expect(await refusal(vault.approve(id, 'dpo-1'))).toBe('same-person')
      expect(await refusal(vault.approve(id, 'DPO-1'))).toBe('same-person')
      expect(await vault.approve(id, 'dpo-2')).toEqual(anna)
    })

    test('happens once', async () => {
      const id = await asked()
      const outcomes = await Promise.allSettled([vault.approve(id, 'dpo-2'), vault.approve(id, 'dpo-3')])
      expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
      expect(await refusal(vault.approve(id, 'dpo-2'))).toBe('decided')
      expect(await refusal(vault.refuse(id, 'dpo-2'))).toBe('decided')
    })

    test('does not happen after a refusal, or a day later', async () => {
      const refused = await asked()
      await vault.refuse(refused, 'dpo-2')
      expect(await refusal(vault.approve(refused, 'dpo-3'))).toBe('decided')
      const late = await asked()
      clock.advance(86_400_000_001n)
      expect(await refusal(vault.approve(late, 'dpo-2'))).toBe('expired')
    })

    test('without a case, a real reason, or of nobody, is not even asked for', async () => {
      const pseudonym = await vault.enroll(anna, 'nord-2026')
      const request = { pseudonym, caseId: 'CASE-7', reason: 'ten letters at least', by: 'dpo-1' }
      expect(await refusal(vault.request({ ...request, caseId: ' ' }))).toBe('no-case')
      expect(await refusal(vault.request({ ...request, reason: 'curious   ' }))).toBe('no-reason')
      expect(await refusal(vault.request({ ...request, pseudonym: asId<Pseudonym>('op-nobody') }))).toBe(
        'unknown',
      )
      expect(await refusal(vault.approve('no-such-request', 'dpo-2'))).toBe('unknown')
    })

    test('that cannot be recorded shows nothing', async () => {
      const id = await asked()
      logStore.away = true
      await expect(vault.approve(id, 'dpo-2')).rejects.toMatchObject({ code: 'unavailable' })
      logStore.away = false
    })

    test('with another secret finds a seal it cannot open', async () => {
      const id = await asked()
      const other = await openIdentityVault({ ...options, secret: randomBytes(32) })
      expect(await refusal(other.approve(id, 'dpo-2'))).toBe('damaged')
      expect(await vault.approve(id, 'dpo-2')).toEqual(anna)
    })
  })

  test('an identity that is kept is never replaced', async () => {
    const pseudonym = await vault.enroll(anna, 'nord-2026')
    const before = await under.store.find(pseudonym)
    await under.store.keep({ pseudonym, sealed: Buffer.from('another') })
    expect(Buffer.from((await under.store.find(pseudonym))?.sealed ?? [])).toEqual(
      Buffer.from(before?.sealed ?? []),
    )
  })
}
