import { mkdtemp, cp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { loadBundle } from '@varco/policy'
import { afterAll, beforeAll, expect, test } from 'vitest'

const POLICIES = path.join(import.meta.dirname, '../../../../policies')

let dir: string
let text: string
beforeAll(async () => {
  dir = await mkdtemp(path.join(tmpdir(), 'varco-retention-input-'))
  await cp(POLICIES, dir, { recursive: true })
  text = await readFile(file(), 'utf8')
})
afterAll(() => rm(dir, { recursive: true }))

const file = (): string => path.join(dir, 'retention', 'contacts.yaml')

/** The visitors' rule changed by one line, and what is said of the whole. */
async function saidOf(from: string, to: string): Promise<string> {
  const changed = text.replace(from, to)
  expect(changed).not.toBe(text)
  await writeFile(file(), changed)
  const loaded = await loadBundle(dir)
  if (loaded.ok) return 'loads'
  const [problem] = loaded.problems
  return `${problem?.file}:${problem?.line} ${problem?.message}`
}

test.each([
  ['a duration in words', 'after: P30D', 'after: 10 years'],
  ['a duration in months and weeks', 'after: P30D', 'after: P1M2W'],
  ['a negative duration', 'after: P30D', 'after: -P30D'],
  ['no duration at all', 'after: P30D', 'after: P'],
  ['a trigger that is no date', 'field: arrived_at', 'field: name'],
  ['a trigger that is none', 'field: arrived_at', 'field: arrived'],
  ['a rule for a resource that is none', 'resource: visitor', 'resource: visitors'],
  [
    'an event without its title',
    'trigger: { field: arrived_at }',
    'trigger: { field: arrived_at, event: { id: left } }',
  ],
  [
    'an event named like no id',
    'trigger: { field: arrived_at }',
    'trigger: { field: arrived_at, event: { id: "the visitor left", title: { it: uscita, en: exit } } }',
  ],
  [
    'an event with nobody to agree',
    'trigger: { field: arrived_at }',
    'approval: none\n    trigger: { field: arrived_at, event: { id: left, title: { it: uscita, en: exit } } }',
  ],
  [
    'an event that restricts',
    'trigger: { field: arrived_at }\n    after: P30D\n    action: erase',
    'trigger: { field: arrived_at, event: { id: left, title: { it: uscita, en: exit } } }\n    after: P30D\n    action: restrict',
  ],
  [
    'an event among records that are counted alike',
    'trigger: { field: arrived_at }\n    after: P30D\n    action: erase',
    'trigger: { field: arrived_at, event: { id: left, title: { it: uscita, en: exit } } }\n    after: P30D\n    quasi_identifiers: { fields: [arrived_at], at_least: 3 }\n    masks: { arrived_at: year }\n    action: anonymise',
  ],
  [
    'a contract’s end in a field that is none',
    'field: arrived_at }',
    'field: arrived_at, contract_end: agreement }',
  ],
  [
    'a contract’s end in a field that names none',
    'field: arrived_at }',
    'field: arrived_at, contract_end: arrived_at }',
  ],
  [
    'a contract’s end and an event',
    'field: arrived_at }',
    'field: arrived_at, contract_end: name, event: { id: left, title: { it: uscita, en: exit } } }',
  ],
  [
    'a contract’s end with nobody to agree',
    'trigger: { field: arrived_at }',
    'approval: none\n    trigger: { field: arrived_at, contract_end: name }',
  ],
  [
    'a floor that waits for an event, with nobody to agree',
    'after: P30D',
    'approval: none\n    keep_at_least:\n      - { trigger: { field: arrived_at, event: { id: left, title: { it: uscita, en: exit } } }, after: P9D, because: "D.Lgs. 81/2008, registro" }\n    after: P30D',
  ],
  [
    'a floor that waits for a contract in no field',
    'after: P30D',
    'keep_at_least:\n      - { trigger: { field: arrived_at, contract_end: agreement }, after: P9D, because: "D.Lgs. 81/2008, registro" }\n    after: P30D',
  ],
  ['an action without its masks', 'after: P30D\n    action: erase', 'after: P30D\n    action: anonymise'],
  [
    'a category that its records have not',
    'after: P30D\n    action: erase',
    'after: P30D\n    action: anonymise\n    masks_by_category: { financial: clear }',
  ],
  [
    'a category with a field that its mask does not fit',
    'after: P30D\n    action: erase',
    'after: P30D\n    action: anonymise\n    masks_by_category: { presence: redact }',
  ],
  [
    'a category with the field that ties records to one another',
    'after: P30D\n    action: erase',
    'after: P30D\n    action: anonymise\n    masks_by_category: { administrative: redact }',
  ],
  [
    'masks by category of what masks nothing',
    'after: P30D\n    action: erase',
    'after: P30D\n    action: erase\n    masks_by_category: { identity: redact }',
  ],
  ['a minute out of range', 'after: P30D', 'schedule: "60 2 * * *"\n    after: P30D'],
  ['a day that never comes', 'after: P30D', 'schedule: "0 2 30 2 *"\n    after: P30D'],
  ['an approval that is none', 'after: P30D', 'approval: anybody\n    after: P30D'],
  ['a request that does what is none', 'after: P30D', 'on_request: forget\n    after: P30D'],
  [
    'a floor beyond the ceiling',
    'after: P30D',
    'keep_at_least:\n      - { trigger: { field: arrived_at }, after: P1Y, because: "D.Lgs. 81/2008, registro" }\n    after: P30D',
  ],
])('%s is refused where it stands', async (_, from, to) => {
  expect(await saidOf(from, to)).toMatch(/^retention\/contacts\.yaml:\d+ /)
})

test('fields may be masked by their category, and single ones otherwise', async () => {
  const masks = (more: string) =>
    saidOf('after: P30D\n    action: erase', `after: P30D\n    action: anonymise\n    ${more}`)
  expect(await masks('masks_by_category: { identity: redact }')).toBe('loads')
  // The whole category would not do: some of its fields are days.
  const otherwise = 'masks: { arrived_at: year, left_at: clear }'
  expect(await masks(`${otherwise}\n    masks_by_category: { presence: redact }`)).toBe('loads')
  expect(await masks('masks_by_category: { presence: redact }')).toContain(
    'its field arrived_at is of type timestamp',
  )
})

test('a term may run from an event besides a day', async () => {
  const event = '{ id: left, title: { it: uscita, en: exit } }'
  expect(await saidOf('field: arrived_at }', `field: arrived_at, event: ${event} }`)).toBe('loads')
  expect(await saidOf('field: arrived_at }', 'field: arrived_at, contract_end: name }')).toBe('loads')
  const floor = (trigger: string) =>
    `keep_at_least:\n      - { trigger: { field: arrived_at, ${trigger} }, after: P9D, because: "D.Lgs. 81/2008" }\n    after: P30D`
  expect(await saidOf('after: P30D', floor(`event: ${event}`))).toBe('loads')
  expect(await saidOf('after: P30D', floor('contract_end: name'))).toBe('loads')
})
