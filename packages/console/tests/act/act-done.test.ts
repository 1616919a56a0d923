import { expect, test } from 'vitest'
import { actDone, statusAfter } from '../../src/act/act-done.ts'

const TEXTS = { placed: 'It is in force.' }
const at = (query: string) => actDone({ url: new URL(`https://varco.example/page${query}`) }, TEXTS)

test('an address tells what was done in the page’s own words', () => {
  expect(at('?done=placed')).toEqual({ kind: 'done', text: 'It is in force.' })
})

test.each(['', '?done=', '?done=else', '?done=constructor', '?done=__proto__'])(
  'an address that says anything else tells nothing: %j',
  (query) => {
    expect(at(query)).toBeNull()
  },
)

test('a page that tells of a refusal or a gap is not sent as if all were well', () => {
  expect(statusAfter(null)).toBe(200)
  expect(statusAfter({ kind: 'done', text: '' })).toBe(200)
  expect(statusAfter({ kind: 'refused', text: '' })).toBe(400)
  expect(statusAfter({ kind: 'incomplete', problems: [] })).toBe(400)
})
