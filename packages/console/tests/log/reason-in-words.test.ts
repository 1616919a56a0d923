import { CANARY_TOUCHED } from '@varco/access-log'
import { GATE_REASONS, REASONS } from '@varco/policy'
import { expect, test } from 'vitest'
import { reasonInWords } from '../../src/log/reason-in-words.ts'

test('every reason of policy and gate is said in words, no two in the same', () => {
  const codes = [...Object.keys(REASONS), ...Object.keys(GATE_REASONS), CANARY_TOUCHED]
  for (const locale of ['it', 'en'] as const) {
    const said = codes.map((code) => reasonInWords(code, locale))
    expect(said.filter((words, i) => words === codes[i])).toEqual([])
    expect(new Set(said).size).toBe(codes.length)
  }
})

test('a code of another version stands for itself, and no reason is none', () => {
  expect(reasonInWords('toString', 'it')).toBe('toString')
  expect(reasonInWords(undefined, 'it')).toBeNull()
})
