import { chmod, mkdir, mkdtemp, rm, symlink, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { bundleFiles, loadBundle, renderProblem, versionOf } from '@varco/policy'
import { fixtureDocument } from '@varco/policy/testing'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { dump } from 'js-yaml'

let folder: string

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'varco-bundle-'))
  const document = fixtureDocument()
  await write('varco.yaml', dump(document.varco))
  await write('purposes.yaml', dump({ purposes: document.purposes }))
  for (const file of document.catalogue) await write(`catalogue/${file.resource}.yaml`, dump(file))
  for (const file of document.processors) await write(`processors/${file.processor}.yaml`, dump(file))
  await write('access/rules.yaml', dump({ rules: document.access }))
  await write('retention/rules.yaml', dump({ rules: document.retention }))
  await write('cases/cases.yaml', dump({ cases: document.cases }))
})
afterEach(() => rm(folder, { recursive: true }))

async function write(file: string, text: string): Promise<void> {
  await mkdir(path.dirname(path.join(folder, file)), { recursive: true })
  await writeFile(path.join(folder, file), text)
}

async function problems(): Promise<readonly string[]> {
  const loaded = await loadBundle(folder)
  return loaded.ok ? [] : loaded.problems.map(renderProblem)
}

test('reads a folder into the document it was written from', async () => {
  const loaded = await loadBundle(folder)
  expect(loaded).toMatchObject({ ok: true, document: fixtureDocument() })
  expect(loaded.ok && loaded.bundle.version).toBe(versionOf(fixtureDocument()))
})

const RULE = `rules:
  - id: one
    effect: permit
    role: dpo
    actions: [read]
    resource: invoice
    purposes: [data-protection]
    where:
      status: { eq: paid }
    fields:
      plain: [id]
    because: una norma qualsiasi
`

describe('says file, line, what was expected and the nearest known name', () => {
  test.each([
    [
      'an unknown key',
      'actions:',
      'action:',
      'access/rules.yaml:5:5: unknown key "action", expected one of id, effect, role, actions, resource, purposes, contracts, where, fields, require, because; did you mean actions?',
    ],
    [
      'an unknown operator',
      'eq:',
      'eqs:',
      'access/rules.yaml:9:17: unknown key "eqs", expected one of eq, neq, in, nin, lt, lte, gt, gte, between, exists, contains, prefix; did you mean eq?',
    ],
    [
      'a value out of a list',
      'effect: permit',
      'effect: permits',
      'access/rules.yaml:3:13: "permits" is not known here, expected one of permit, forbid; did you mean permit?',
    ],
    [
      'an action out of a list',
      '[read]',
      '[read, serach]',
      'access/rules.yaml:5:21: "serach" is not known here, expected one of read, search, count, export, update; did you mean search?',
    ],
    [
      'a value of the wrong type',
      'resource: invoice',
      'resource: 7',
      'access/rules.yaml:6:15: 7 is not a text (in quotes if it looks like something else), expected a text (in quotes if it looks like something else)',
    ],
    [
      'a missing key',
      '    resource: invoice\n',
      '',
      'access/rules.yaml:2:5: missing "resource", expected a text (in quotes if it looks like something else)',
    ],
    [
      'an unknown resource',
      'resource: invoice',
      'resource: invoices',
      'access/rules.yaml:6:15: unknown resource "invoices", expected a declared resource; did you mean invoice?',
    ],
    [
      'an unknown purpose',
      '[data-protection]',
      '[data-protecton]',
      'access/rules.yaml:7:16: unknown purpose "data-protecton", expected a declared purpose; did you mean data-protection?',
    ],
    [
      'an unknown field in a condition',
      'status:',
      'stauts:',
      'access/rules.yaml:9:7: unknown field "stauts", expected a declared field; did you mean status?',
    ],
    [
      'an unknown field',
      '[id]',
      '[id, ibam]',
      'access/rules.yaml:11:19: unknown field "ibam", expected a declared field; did you mean iban?',
    ],
    [
      'a wrong constant',
      'paid',
      'true',
      'access/rules.yaml:9:21: true is not a value of a text field, expected a text (in quotes if it looks like something else)',
    ],
    [
      'a key twice',
      'effect: permit',
      'effect: permit\n    effect: forbid',
      'access/rules.yaml:4:5: not readable YAML: duplicated mapping key',
    ],
    [
      'an empty reason',
      'una norma qualsiasi',
      '""',
      'access/rules.yaml:12:14: must not be empty, expected at least 10',
    ],
  ])('%s', async (_, from, to, expected) => {
    await write('access/rules.yaml', RULE)
    await write('cases/cases.yaml', 'cases: []')
    await rm(path.join(folder, 'cases'), { recursive: true })
    expect(await problems()).toEqual([])
    await write('access/rules.yaml', RULE.replace(from, to))
    expect(await problems()).toContain(expected)
  })
})

test('all problems of all files are told at once', async () => {
  await write('access/rules.yaml', RULE.replace('effect', 'efect'))
  await write('purposes.yaml', 'purposes: 7')
  expect(await problems()).toEqual(
    expect.arrayContaining([
      expect.stringMatching(/^access\/rules.yaml:3:5: unknown key "efect"/),
      expect.stringMatching(/^purposes.yaml:1:11: 7 is not keys with values/),
    ]),
  )
})

test.each([
  ['accesss/rules.yaml', 'no part of a bundle is read from this file', 'access/'],
  ['varco.yml', 'no part of a bundle is read from this file', 'varco.yaml'],
  ['access/more.yml', 'no part of a bundle is read from this file', null],
  ['access/forbids.YAML', 'no part of a bundle is read from this file', null],
  ['access/forbids.yaml ', 'no part of a bundle is read from this file', null],
])('a stray file %s is not silently ignored', async (file, message, suggestion) => {
  await write(file, 'rules: []')
  const loaded = await loadBundle(folder)
  expect(loaded).toMatchObject({ ok: false, problems: [{ file, message, suggestion }] })
})

test('a link is not read, and not passed over: a forbid behind it would be one that somebody believes in', async () => {
  const outside = await mkdtemp(path.join(tmpdir(), 'varco-outside-'))
  try {
    await writeFile(path.join(outside, 'forbids.yaml'), RULE)
    await symlink(path.join(outside, 'forbids.yaml'), path.join(folder, 'access/forbids.yaml'))
    await symlink(outside, path.join(folder, 'access/more'))
    await symlink(outside, path.join(folder, '.hidden'))
    expect(await problems()).toEqual(
      ['access/forbids.yaml', 'access/more'].map(
        (file) => `${file}:1:1: links and devices are not read, expected the file itself`,
      ),
    )
  } finally {
    await rm(outside, { recursive: true })
  }
})

test('hidden folders, such as the one of the schemas, are not part of the bundle', async () => {
  await write('.schemas/access.yaml', '7')
  expect(await problems()).toEqual([])
})

test('a folder that is not there, and one that lacks a part', async () => {
  expect(await loadBundle(path.join(folder, 'nowhere'))).toMatchObject({
    ok: false,
    problems: [{ message: 'the folder nowhere cannot be read' }],
  })
  await rm(path.join(folder, 'purposes.yaml'))
  expect(await problems()).toContain(
    'purposes.yaml:1:1: purposes.yaml is missing, expected the file purposes.yaml',
  )
})

describe('hostile files end in a located problem, and soon', () => {
  const bomb = `a: &a [${'x,'.repeat(9)}x]\nb: &b [${'*a,'.repeat(9)}*a]\nc: [${'*b,'.repeat(9)}*b]`
  test.each<[string, string, RegExp]>([
    ['anchors', bomb, /rules.yaml:1:4: anchors and aliases are not read/],
    [
      'ten megabytes',
      `rules: [${'"0123456789",'.repeat(800_000)}]`,
      /rules.yaml:1:1: the file is too large, expected at most 5000000 bytes/,
    ],
    [
      'values without end, each of them wrong',
      `rules: [${'x,'.repeat(700_000)}x]`,
      /rules.yaml:1:1: the file holds too many values, expected at most 600000, keys included/,
    ],
    [
      'names without end in one rule',
      RULE.replace('[data-protection]', `[${'data-protection,'.repeat(50_000)}data-protection]`).replace(
        'plain: [id]',
        `plain: [${'id,'.repeat(200_000)}id]`,
      ),
      /rules.yaml:7:\d+: too large, expected at most 1000/,
    ],
    [
      'a condition of ten thousand parts',
      RULE.replace('status: { eq: paid }', `or: [${'{ status: { eq: paid } },'.repeat(10_000)}]`),
      /rules.yaml:\d+:\d+: the condition has too many parts, expected at most 1000/,
    ],
    [
      'a reason that ends in a line of its own on a terminal',
      RULE.replace('una norma qualsiasi', String.raw`"una norma\rqualsiasi altra"`),
      /rules.yaml:12:14: a character that cannot be seen/,
    ],
    [
      'a thousand levels in flow',
      `rules: ${'['.repeat(1_000)}${']'.repeat(1_000)}`,
      /rules.yaml:1:\d+: nested too deep, expected at most 40 levels/,
    ],
    [
      'a hundred thousand levels',
      `rules: ${'['.repeat(100_000)}`,
      /rules.yaml:\d+:\d+: (nested too deep|not readable YAML)/,
    ],
    [
      'a thousand levels in blocks',
      Array.from({ length: 1_000 }, (_, depth) => `${' '.repeat(depth)}a:`).join('\n'),
      /rules.yaml:\d+:\d+: nested too deep/,
    ],
    ['a tag', 'rules: !!js/function "return 1"', /rules.yaml:1:8: tags are not read/],
    ['two documents', 'rules: []\n---\nrules: []', /not readable YAML/],
    ['a merge key', 'rules:\n  - <<: { id: a }', /unknown key "<<"/],
    [
      'a prototype',
      'rules:\n  - __proto__: { effect: permit }',
      /rules.yaml:2:5: (missing|unknown key "__proto__")/,
    ],
    ['nothing', '', /rules.yaml:1:1: (missing|an empty value)/],
    [
      'a clause under the name of a prototype, which a schema passes over',
      RULE.replace('where:', 'where:\n      "\\u005f_proto__": { eq: 1 }'),
      /rules.yaml:\d+:7: unknown key "__proto__"/,
    ],
    [
      'a comment that turns what follows around',
      RULE.replace('effect: permit', 'effect: permit # \u202e tibrof'),
      /rules.yaml:3:\d+: a character that cannot be seen, expected a text that reads as it compares/,
    ],
    [
      'a value that no record has, though it looks like one that many have',
      RULE.replace('eq: paid', String.raw`eq: "pa\u200bid"`),
      /rules.yaml:9:21: a character that cannot be seen/,
    ],
    [
      'a reason that moves the cursor of whoever reads it',
      RULE.replace('una norma qualsiasi', String.raw`"una norma \x9b2K qualsiasi"`),
      /rules.yaml:12:14: a character that cannot be seen/,
    ],
    ['half a character', String.raw`rules: ["\ud800"]`, /rules.yaml:1:9: half a character/],
    [
      'what begins as a number of many digits and is none',
      `rules: [${'0'.repeat(300_000)}x]`,
      /rules.yaml:1:9: /,
    ],
    [
      'a number that would be rounded',
      'rules: [1234567890.12345678]',
      /rules.yaml:1:9: the number has more digits than are kept, expected the number in quotes/,
    ],
    [
      'a hundred thousand unknown keys',
      `rules: [{${Array.from({ length: 100_000 }, (_, index) => `k${index}: 1`).join(',')}}]`,
      /rules.yaml:1:\d+: \d{5} more problems from here on/,
    ],
  ])(
    '%s',
    async (_, text, expected) => {
      await write('access/rules.yaml', text)
      const started = performance.now()
      const found = await problems()
      expect(found.join('\n')).toMatch(expected)
      expect(performance.now() - started).toBeLessThan(30_000)
    },
    60_000,
  )

  test('three gigabytes, of which nothing is read', async () => {
    await write('access/rules.yaml', '')
    await truncate(path.join(folder, 'access/rules.yaml'), 3_000_000_000)
    expect(await problems()).toEqual([
      'access/rules.yaml:1:1: the file is too large, expected at most 5000000 bytes',
    ])
  })

  test('another encoding, in which an accented word is another word that no record holds', async () => {
    await write('access/rules.yaml', '')
    await writeFile(
      path.join(folder, 'access/rules.yaml'),
      Buffer.from(RULE.replace('paid', 'società'), 'latin1'),
    )
    expect(await problems()).toEqual([
      'access/rules.yaml:1:1: the file is not UTF-8, expected a text in UTF-8',
    ])
  })

  test('more retention rules of one resource than could be compared with one another', async () => {
    const [rule] = fixtureDocument().retention
    const many = Array.from({ length: 20_000 }, (_, at) => ({ ...rule, id: `r${at}`, after: `P${at + 1}D` }))
    await write('retention/rules.yaml', dump({ rules: many }, { flowLevel: 2, noRefs: true }))
    expect((await problems()).at(-1)).toMatch(
      /^retention\/rules.yaml:\d+:\d+: 19899 more problems from here on/,
    )
  })

  test('relations without number, from each resource to the next', async () => {
    for (const file of ['invoice', 'producer', 'antimafia_check']) await relations(file, 8_000)
    const started = performance.now()
    expect((await problems()).at(-1)).toMatch(/more problems from here on/)
    expect(performance.now() - started).toBeLessThan(30_000)
  }, 60_000)

  /** From a resource to the one after it, and from the last to the first. */
  async function relations(resource: string, count: number): Promise<void> {
    const { catalogue } = fixtureDocument()
    const at = catalogue.findIndex((each) => each.resource === resource)
    const [file, next] = [catalogue[at], catalogue[(at + 1) % catalogue.length]]
    if (file === undefined || next === undefined) throw new Error('the fixture lacks its resources')
    const relation = { resource: next.resource, field: file.key, to: next.key }
    const many = Object.fromEntries(Array.from({ length: count }, (_, each) => [`r${each}`, relation]))
    await write(
      `catalogue/${resource}.yaml`,
      dump({ ...file, relations: many }, { flowLevel: 3, noRefs: true }),
    )
  }
})

test.each([
  'access/forbid.yaml\u200b',
  'access/forbid.ya\uff4dl',
  'access/forbid.yaml.',
  'access/forbid.yaml~',
  'access/forbid.json',
  'access/.forbid.yaml',
  'forbid\u2024yaml',
])('a file that looks as if it were read is read or told: %j', async (file) => {
  await write(file, 'rules: []')
  expect(await problems()).toEqual([
    expect.stringContaining(`${file}:1:1: no part of a bundle is read from this file`),
  ])
})

test.each(['access/README.md', 'LICENSE', '.gitlab-ci.yaml', '.github/workflows/check.yaml'])(
  'what explains a bundle, or serves those who keep it, may stand beside it: %s',
  async (file) => {
    await write(file, 'rules: []')
    expect(await problems()).toEqual([])
  },
)

test('a file that may not be read is told', async () => {
  await write('access/rules.yaml', RULE)
  await mkdir(path.join(folder, 'access/more.yaml'))
  expect(await problems()).toEqual([])
  await rm(path.join(folder, 'access/more.yaml'), { recursive: true })
  await write('access/more.yaml', RULE)
  await chmod(path.join(folder, 'access/more.yaml'), 0)
  // Whoever is root reads it all the same, and finds the rule declared twice.
  expect(await problems()).toEqual([
    expect.stringMatching(/the file cannot be read|rule "one" is declared twice/),
  ])
})

test('periods are ordered by how long they are, however they are written', async () => {
  const kept = async (floor: string, ceiling: string): Promise<readonly string[]> => {
    const { varco } = fixtureDocument()
    await write('varco.yaml', dump({ ...varco, log: { ...varco.log, floor, ceiling } }))
    return problems()
  }
  expect(await kept('P24M', 'P2Y')).toEqual([])
  // Twelve months of thirty days would be 3,600 days; ten years are never fewer than 3,652.
  expect(await kept('P120M', 'P3601D')).toEqual([
    expect.stringContaining('the ceiling may be shorter than the floor'),
  ])
  expect(await kept('P1M', 'P30D')).toEqual([expect.stringContaining('the ceiling may be shorter')])
  expect(await kept('P99999999999Y', 'P3Y')).toEqual([
    expect.stringContaining('must be an ISO 8601 period in years, months, days'),
  ])
})

test('an address does not read as lines of its own', async () => {
  const { varco } = fixtureDocument()
  const provider = { issuer: 'https://login.body.example/\n\nno decision changes' }
  await write(
    'varco.yaml',
    dump({ ...varco, controller: { ...varco.controller, identity_provider: provider } }),
  )
  expect(await problems()).toEqual([
    expect.stringContaining('must be an address without spaces or line ends'),
  ])
})

test('no file, however strange, makes the loader throw, and what loads was meant', async () => {
  const keys = fc.constantFrom(
    'rules',
    'id',
    'effect',
    'where',
    'fields',
    'plain',
    'and',
    'not',
    '$now',
    '__proto__',
    'constructor',
    '1',
  )
  const tree = fc.letrec((tie) => ({
    node: fc.oneof(
      { depthSize: 'medium' },
      fc.constantFrom(null, true, 7, 'permit', 'invoice', '$principal.unit', 'read'),
      fc.array(tie('node'), { maxLength: 4 }),
      fc.dictionary(keys, tie('node'), { maxKeys: 5 }),
    ),
  })).node
  const text = fc.oneof(
    tree.map((value) => dump(value)),
    fc.string({ unit: 'binary' }),
    fc
      .tuple(fc.nat(RULE.length), fc.string())
      .map(([at, noise]) => RULE.slice(0, at) + noise + RULE.slice(at)),
  )
  await fc.assert(
    fc.asyncProperty(text, async (content) => {
      await write('access/rules.yaml', content)
      const loaded = await loadBundle(folder)
      const sound = loaded.ok
        ? loaded.document.access.every(({ id }) => content.includes(id))
        : loaded.problems.length > 0 &&
          loaded.problems.every(({ file, line, column }) => file !== '' && line > 0 && column > 0)
      expect(sound).toBe(true)
    }),
    { numRuns: 300 },
  )
})

test('lines, tabs, accents and a byte order mark are no characters that cannot be seen', async () => {
  const reason = 'una norma, così com’è:\n\tart. 5 – 6\n'
  await write('access/rules.yaml', `\ufeff${dump({ rules: [{ ...ONE, because: reason }] })}`)
  await rm(path.join(folder, 'cases'), { recursive: true })
  const loaded = await loadBundle(folder)
  expect(loaded.ok ? loaded.document.access[0]?.because : loaded.problems.map(renderProblem)).toBe(reason)
})

const ONE = {
  ...{ id: 'one', effect: 'permit', role: 'dpo', actions: ['read'], resource: 'invoice' },
  ...{ purposes: ['data-protection'], fields: { plain: ['id'] } },
}

test('the files written from a document are read back as the same document', async () => {
  const files = bundleFiles(fixtureDocument())
  await rm(folder, { recursive: true })
  for (const [file, text] of files) await write(file, text)
  const loaded = await loadBundle(folder)
  expect(loaded.ok && loaded.bundle.version).toBe(versionOf(fixtureDocument()))
})

test('more rules than a file may hold are written as several, in their order', async () => {
  const document = fixtureDocument()
  const [rule] = document.access
  const because = 'una norma qualsiasi '.repeat(200)
  const access = Array.from({ length: 1_400 }, (_, at) => ({ ...rule, id: `r${at}`, because }) as typeof rule)
  const many = { ...document, access: access as typeof document.access }
  const files = bundleFiles(many)
  await rm(folder, { recursive: true })
  for (const [file, text] of files) await write(file, text)
  expect([...files.keys()].filter((file) => file.startsWith('access/')).length).toBeGreaterThan(1)
  const loaded = await loadBundle(folder)
  expect(loaded.ok && loaded.bundle.version).toBe(versionOf(many))
})

test('whatever a rule compares with, the files written from it say the same', async () => {
  const odd = fc.constantFrom(
    ...[
      '~',
      'null',
      'yes',
      '0x1f',
      '0o17',
      '1e3',
      '.inf',
      '1_000',
      '2026-01-01',
      '<<',
      '=',
      '- a',
      'a: b',
      '# a',
    ],
    ...[
      '$$now',
      ' a',
      'a ',
      '',
      '\n',
      'a\n\n',
      '\ta',
      "it's",
      '"',
      '\\',
      '|',
      '>',
      '%',
      '@',
      '`',
      '!a',
      '&a',
      '*a',
    ],
  )
  const text = fc
    .oneof(odd, fc.string({ unit: 'grapheme' }))
    .filter((each) => !each.startsWith('$') || each.startsWith('$$'))
    // The loader refuses it wherever it stands alone.
    .filter((each) => each !== '__proto__')
    .filter(
      (each) =>
        !/[\r\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}\u2028\u2029]/u.test(each.replaceAll(/[\t\n]/g, '')),
    )
  await rm(path.join(folder, 'cases'), { recursive: true })
  await fc.assert(
    fc.asyncProperty(fc.array(text, { minLength: 1, maxLength: 4 }), async (values) => {
      const document = fixtureDocument()
      const [rule] = document.access
      const changed = {
        ...document,
        access: [{ ...rule, where: { status: { in: values } }, because: `perché ${values.join()} e basta` }],
      } as unknown as typeof document
      const text = bundleFiles({ ...changed, cases: [] }).get('access/access.yaml') ?? ''
      await write('access/rules.yaml', text)
      const loaded = await loadBundle(folder)
      expect(loaded.ok ? loaded.document.access : loaded.problems.map(renderProblem)).toEqual(changed.access)
    }),
    { numRuns: 100 },
  )
})
