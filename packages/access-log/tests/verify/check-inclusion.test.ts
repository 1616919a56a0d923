import {
  checkInclusion,
  generateLogKeys,
  openAccessLog,
  openAccessLogReader,
  type InclusionProof,
} from '@varco/access-log'
import { eventDraft, memoryLogStore } from '@varco/access-log/testing'
import { asId, systemClock, type WriterId } from '@varco/core'
import { beforeAll, expect, test } from 'vitest'
import { openIndependently } from '../notes/independent-note.ts'

const keys = generateLogKeys('gse.example/varco')
const store = memoryLogStore()
let proof: InclusionProof

beforeAll(async () => {
  await using log = await openAccessLog({
    store,
    keys,
    clock: systemClock,
    writer: asId<WriterId>('proxy-1'),
  })
  const [, third] = await Promise.all([
    log.append(eventDraft()),
    log.append(eventDraft({ requestId: 'mine' })),
    log.append(eventDraft()),
  ])
  const found = await openAccessLogReader({ store, keys }).prove(third.id)
  if (found === null) throw new Error('not proven')
  proof = found
})

test('a proof convinces whoever has the public key, and shows the event', () => {
  expect(checkInclusion(proof, keys.verifier)).toMatchObject({
    ok: true,
    event: { requestId: 'mine', seq: 2 },
  })
  expect(openIndependently(proof.checkpoint, keys.verifier).size).toBe(4n)
})

test('after a change of keys the old one still opens old proofs', () => {
  const newer = generateLogKeys('gse.example/varco').verifier
  expect(checkInclusion(proof, `${newer}\n${keys.verifier}\n`)).toMatchObject({ ok: true })
})

test('nothing else convinces', () => {
  const reason = (changes: Partial<InclusionProof>, key = keys.verifier): string => {
    const verdict = checkInclusion({ ...proof, ...changes }, key)
    return verdict.ok ? 'ok' : verdict.reason
  }
  expect(reason({}, 'no key')).toBe('bad-key')
  expect(reason({}, generateLogKeys('gse.example/varco').verifier)).toBe('bad-signature')
  expect(reason({ checkpoint: proof.checkpoint.replace('\n4\n', '\n5\n') })).toBe('bad-signature')
  expect(reason({ body: proof.body.replace('mine', 'your') })).toBe('not-in-tree')
  expect(reason({ index: '1' })).toBe('not-in-tree')
  expect(reason({ index: '02' })).toBe('bad-proof')
  expect(reason({ size: '5' })).toBe('bad-proof')
  expect(reason({ path: [] })).toBe('not-in-tree')
  expect(reason({ path: ['x', ...proof.path.slice(1)] })).toBe('bad-proof')
})
