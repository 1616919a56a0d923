import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { readmeExample } from '@varco/core/testing'
import { afterAll, expect, test } from 'vitest'
// #region example
import { fileAnchor, generateLogKeys, openAccessLog, openAccessLogReader, verifyLog } from '@varco/access-log'
import { eventDraft, memoryLogStore } from '@varco/access-log/testing'
import { asId, systemClock, type WriterId } from '@varco/core'

// #endregion

const dir = await mkdtemp(path.join(tmpdir(), 'varco-readme-'))
afterAll(() => rm(dir, { recursive: true }))

test('the example of the README runs as printed', async () => {
  const anchorFile = path.join(dir, 'anchor')
  // #region example
  const store = memoryLogStore() // in earnest: openLogStore(database) of @varco/postgres
  const keys = generateLogKeys('gse.example/varco')
  const anchors = [fileAnchor(anchorFile)]

  const log = await openAccessLog({
    store,
    keys,
    clock: systemClock,
    writer: asId<WriterId>('proxy-1'),
    anchors,
  })
  const { id } = await log.append(eventDraft({ ticket: 'T-100' })) // durable from here on
  await log[Symbol.asyncDispose]()

  const reader = openAccessLogReader({ store, keys })
  const tickets: (string | null)[] = []
  for await (const { event } of reader.accessesOf({ kind: 'producer', id: 'P-1' })) tickets.push(event.ticket)

  const verdict = await verifyLog({ store, verifierKeys: [keys.verifier], anchors })
  // #endregion
  expect(id).toBe('proxy-1.1.1')
  expect(tickets).toEqual(['T-100'])
  expect(verdict.findings).toEqual([])
  const { printed, run } = await readmeExample(import.meta.filename)
  expect(printed).toBe(run)
})
