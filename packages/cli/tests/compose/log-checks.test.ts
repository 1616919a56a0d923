import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { generateLogKeys, nextLogKeys, openAccessLog, rotateKeys } from '@varco/access-log'
import { eventDraft, memoryAnchor, memoryLogStore } from '@varco/access-log/testing'
import { asId, systemClock, type WriterId } from '@varco/core'
import { afterAll, expect, test } from 'vitest'
import { checkLog } from '../../src/compose/log-checks.ts'
import { verifiedFile } from '../../src/compose/verified-file.ts'

const dir = await mkdtemp(path.join(tmpdir(), 'varco-checks-'))
afterAll(() => rm(dir, { recursive: true }))

test('a check that finds something leaves what was verified before as it was', async () => {
  const store = memoryLogStore()
  const anchor = memoryAnchor()
  const old = generateLogKeys('gse.example/varco')
  const next = nextLogKeys(old)
  const access = { store, clock: systemClock, anchors: [anchor] }
  await using log = await openAccessLog({ ...access, keys: old, writer: asId<WriterId>('proxy-1') })
  await log.append(eventDraft())
  await rotateKeys({ ...access, reading: store, keys: old, next })

  const scanner = (): never => {
    throw new Error('few events need no threads')
  }
  const services = {
    ...{ home: { dir }, clock: systemClock, keys: { log: next }, anchors: [anchor] },
    logStore: { ...store, scanner },
  }
  expect(await checkLog(services)).toMatchObject({ ok: true })
  const before = await verifiedFile(dir).read()
  expect(before.map(({ writer, epoch }) => `${writer}.${epoch}`)).toContain('proxy-1.2')

  store.trees.splice(0, Infinity, ...store.trees.filter(({ epoch }) => epoch === 1))
  for (let again = 0; again < 2; again++) {
    const { ok, findings } = await checkLog(services, { since: await verifiedFile(dir).read() })
    expect([ok, findings.map(({ kind }) => kind)]).toEqual([false, expect.arrayContaining(['tree-missing'])])
    expect(await verifiedFile(dir).read()).toEqual(before)
  }
  // The whole log, too.
  expect(await checkLog(services)).toMatchObject({ ok: false })
  expect(await verifiedFile(dir).read()).toEqual(before)
})
