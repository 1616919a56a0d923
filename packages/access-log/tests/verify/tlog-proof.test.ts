import {
  checkInclusion,
  generateLogKeys,
  openAccessLog,
  openAccessLogReader,
  parseTlogProof,
  tlogProofText,
} from '@varco/access-log'
import { eventDraft, memoryLogStore } from '@varco/access-log/testing'
import { asId, systemClock, type WriterId } from '@varco/core'
import { expect, test } from 'vitest'

const keys = generateLogKeys('gse.example/varco')

test('a proof survives the text form of C2SP tlog-proof, and convinces after it', async () => {
  const store = memoryLogStore()
  await using log = await openAccessLog({
    store,
    keys,
    clock: systemClock,
    writer: asId<WriterId>('proxy-1'),
  })
  const [, { id }] = await Promise.all([
    log.append(eventDraft()),
    log.append(eventDraft({ requestId: 'perché' })),
  ])
  const proof = await openAccessLogReader({ store, keys }).prove(id)
  if (proof === null) throw new Error('not proven')
  const text = tlogProofText(proof)
  const lines = text.split('\n')
  expect(lines[0]).toBe('c2sp.org/tlog-proof@v1')
  expect(lines[2]).toBe('index 2')
  expect(text.endsWith(`\n\n${proof.checkpoint}`)).toBe(true)
  const read = parseTlogProof(text)
  expect(read).toEqual(proof)
  expect(checkInclusion(proof, keys.verifier)).toMatchObject({ ok: true, event: { requestId: 'perché' } })
})

test.each([
  '',
  'c2sp.org/tlog-proof@v1',
  'c2sp.org/tlog-proof@v1\nindex 1\n\nx',
  'x\nextra AAAA\nindex 1\n\no\n1\n',
])('%j is no proof', (text) => {
  expect(parseTlogProof(text)).toBeNull()
})
