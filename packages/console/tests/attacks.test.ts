import type { AccessLogReader, StoredEvent } from '@varco/access-log'
import { asId, UnavailableError } from '@varco/core'
import { fixtureDocument } from '@varco/policy/testing'
import { compileBundle } from '@varco/policy'
import { describe, expect, test } from 'vitest'
import { rolesFor, type Permission } from '../src/visit/permissions.ts'
import { grantBundle } from '../../engagement/tests/grants/grant-world.ts'
import { formsIn } from './support/forms-in.ts'
import { openConsole, type OpenConsole } from './support/open-console.ts'
import { addressOf, routesOf, type Route } from './support/routes-of.ts'
import type { Visitor } from './support/visitor.ts'
import { writtenEverywhere } from './support/written-everywhere.ts'

const PUBLIC = [
  '/healthz',
  '/assets/:fingerprint/:name{.+}',
  '/language/:locale',
  '/time-zone',
  '/time-zone/set',
  '/accessibility',
  '/help',
  '/verify',
  '/work',
  '/work/key/:contract/:month',
  '/login',
  '/login/start',
  '/login/callback',
]
/** Posts that change nothing of a session's, and are taken from whoever has none. */
const NOT_OF_A_SESSION = ['/verify', '/work']
/** Pages that anybody signed in may open. */
const FOR_ALL = [
  '/',
  '/logout',
  '/me',
  '/me/alerts',
  '/me/alerts/:id/contest',
  '/me/openings',
  '/me/work',
  '/me/work/token',
  // What somebody asked for themselves; another’s is not found, see grants.test.ts.
  '/grants/mine',
  '/grants/new',
  '/grants/:id',
  '/grants/:id/revoke',
  '/login/again',
  '/login/again/start',
]

/** The permission that each part of the console is under; the longest that fits counts. */
const UNDER: Readonly<Record<string, Permission>> = {
  '/log': 'read-log',
  '/contracts': 'read-contracts',
  '/policies': 'read-policies',
  '/grants': 'read-grants',
  '/alerts': 'read-alerts',
  '/log/export': 'export-log',
  '/data-subjects': 'read-log',
  '/reports': 'make-reports',
  '/reports/audit': 'make-audit-report',
  '/reports/drift': 'make-contract-reports',
  '/reports/tickets': 'make-contract-reports',
  '/reports/exit': 'make-contract-reports',
  '/reports/breach': 'make-breach-report',
  '/reports/subject': 'make-subject-report',
  '/requests': 'handle-requests',
  '/requests/:id/restrict': 'restrict-records',
  '/retention': 'read-retention',
  '/retention/plans': 'read-retention',
  '/retention/rules/:id': 'draft-retention',
  '/retention/new-rule': 'draft-retention',
  '/retention/plans/:id/letter': 'record-retention-authority',
}
/** Posts that need more than the page they stand on. */
const POSTS: Readonly<Record<string, Permission>> = {
  '/alerts/:id/explain': 'answer-alerts',
  '/alerts/:id/confirm': 'answer-alerts',
  '/alerts/:id/identity': 'ask-identity',
  '/alerts/openings/:request/open': 'open-identity',
  '/alerts/openings/:request/refuse': 'open-identity',
  '/grants/:id/approve': 'decide-grants',
  '/grants/:id/refuse': 'decide-grants',
  '/grants/:id/review': 'decide-grants',
  '/contracts/:id/life/choice': 'manage-exits',
  '/contracts/:id/life/declaration': 'manage-exits',
  '/contracts/:id/life/copy': 'manage-exits',
  '/contracts/:id/life/:move': 'move-contracts',
  '/policies/versions/:version/activate': 'activate-policy',
  '/policies/versions/:version/shadow': 'try-policy',
  '/policies/shadow/stop': 'try-policy',
  '/retention/plans': 'plan-retention',
  '/retention/events': 'tell-record-event',
  '/retention/holds': 'hold-retention',
  '/retention/holds/:id/review': 'hold-retention',
  '/retention/holds/:id/release': 'hold-retention',
  '/retention/restrictions': 'restrict-records',
  '/retention/restrictions/lift': 'lift-restrictions',
  '/retention/plans/:id/list': 'export-disposal-list',
}
/** Permissions under which some page shows what is recorded as read. */
const READING: readonly Permission[] = ['read-log', 'read-retention', 'read-alerts', 'read-contracts']
/** What the menu offers besides, in its order. */
const MENU = [
  '/log',
  '/data-subjects',
  '/alerts',
  '/grants',
  '/contracts',
  '/policies',
  '/retention',
  '/requests',
  '/reports',
]

function permissionFor(pattern: string): Permission | null {
  const fitting = Object.keys(UNDER).filter((path) => pattern === path || pattern.startsWith(`${path}/`))
  const longest = fitting.sort((a, b) => b.length - a.length)[0]
  return longest === undefined ? null : (UNDER[longest] ?? null)
}

/** Every route, with something in the place of its parameters. */
function routesWithIds(console: OpenConsole): readonly (Route & { path: string })[] {
  return routesOf(console).map((route) => ({
    ...route,
    path: addressOf(route.pattern, { '/contracts/:id': 'aurora-2026' }).replace(':id', 'console-1.1.0'),
  }))
}

describe('roles', () => {
  test('the scan sees the routes: it is not green because it finds none', async () => {
    await using console = await openConsole()
    expect(routesWithIds(console).map(({ pattern }) => pattern)).toEqual(
      expect.arrayContaining(['/log', '/log/events/:id', '/log/data-subject', '/', '/logout']),
    )
  })

  test('nobody who is not signed in opens any page but the public ones', async () => {
    await using console = await openConsole()
    for (const { method, pattern, path } of routesWithIds(console)) {
      if (PUBLIC.includes(pattern)) continue
      const visitor = console.visitor()
      const answer = method === 'GET' ? await visitor.get(path) : await visitor.post(path, {})
      expect([pattern, answer.status, answer.headers.get('location')?.slice(0, 6)]).toEqual([
        pattern,
        303,
        '/login',
      ])
    }
  })

  test('every page that is not everybody’s is under a permission that stands here', async () => {
    await using console = await openConsole()
    const guarded = routesWithIds(console)
      .map(({ pattern }) => pattern)
      .filter((pattern) => !PUBLIC.includes(pattern) && !FOR_ALL.includes(pattern))
    expect(guarded.filter((pattern) => permissionFor(pattern) === null)).toEqual([])
  })

  test.each([
    'officer-1',
    'nobody-1',
    'stranger',
    'operator-1',
    'manager-1',
    'auditor-1',
    'administrator-1',
    'approver-1',
    'dpo-1',
  ])('%s opens the pages of their role and no other', async (sub) => {
    await using console = await openConsole()
    console.provider.person = { sub, name: 'Chi Bussa' }
    const visitor = console.visitor()
    await visitor.signIn()
    const csrf = await visitor.csrf('/accessibility')
    const bundle = await console.deps.bundle()
    const roles = (console.engagement.people.get(sub) ?? [])
      .filter(({ contract }) => contract === null)
      .map(({ role }) => role)
    const opens = (permission: Permission): boolean =>
      rolesFor(permission, bundle).some((role) => roles.includes(role))
    for (const { method, pattern, path } of routesWithIds(console)) {
      const permission = (method === 'POST' ? POSTS[pattern] : undefined) ?? permissionFor(pattern)
      if (permission === null || PUBLIC.includes(pattern) || FOR_ALL.includes(pattern)) continue
      const answer = method === 'GET' ? await visitor.get(path) : await visitor.post(path, { csrf })
      expect([method, pattern, answer.status !== 403]).toEqual([method, pattern, opens(permission)])
      expect((await answer.text()).includes('Accesso non consentito')).toBe(!opens(permission))
    }
    const { events } = await console.reader.search({ kind: 'log-read', limit: 10 })
    expect(events.length > 0).toBe(READING.some((each) => opens(each)))
    const menu = [...(await visitor.text('/accessibility')).matchAll(/<li><a href="(\/[\w-]*)"/g)].map(
      ([, href]) => href ?? '',
    )
    expect(menu.filter((href) => href !== '/me' && href !== '/')).toEqual(
      MENU.filter((href) => opens(permissionFor(href) ?? 'read-log')),
    )
  })

  test('a contractor’s own word for a role opens nothing', async () => {
    await using console = await openConsole()
    const [assignment] = console.engagement.people.get('operator-1') ?? []
    expect([assignment?.role, assignment?.contract]).toEqual(['dpo', 'aurora-2026'])
  })
})

describe('forged requests', () => {
  const searching = (visitor: Visitor, csrf: string, headers: Record<string, string> = {}) =>
    visitor.post(
      '/log/data-subject',
      { csrf, by: 'producer:id', identifier: 'P-1', case: 'RPD-2026-1' },
      headers,
    )

  test('a post without the session’s token, with another’s or from elsewhere does nothing', async () => {
    await using console = await openConsole()
    const visitor = console.visitor()
    await visitor.signIn()
    const csrf = await visitor.csrf()
    const other = console.visitor()
    await other.signIn()
    const anothers = await other.csrf()
    expect(csrf).not.toBe(anothers)

    for (const [token, headers] of [
      ['', {}],
      ['x', {}],
      [csrf.slice(1), {}],
      [anothers, {}],
      [csrf, { origin: 'https://evil.example' }],
      [csrf, { origin: 'null' }],
      [csrf, { 'sec-fetch-site': 'cross-site' }],
      [csrf, { 'sec-fetch-site': 'same-site' }],
    ] as const) {
      const answer = await searching(visitor, token, headers)
      expect([token, answer.status]).toEqual([token, 403])
      const out = await visitor.post('/logout', { csrf: token }, headers)
      expect([token, out.status]).toEqual([token, 403])
    }
    expect(console.sessions.rows.size).toBe(2)
    expect((await console.reader.search({ kind: 'log-read', limit: 10 })).events).toEqual([])

    const own = await searching(visitor, csrf, {
      origin: 'https://varco.gse.example',
      'sec-fetch-site': 'same-origin',
    })
    expect(own.status).toBe(303)
  })

  test('no post of any route is done without the session’s token, whoever sends it', async () => {
    await using console = await openConsole()
    const visitor = console.visitor()
    await visitor.signIn()
    await visitor.proveAgain()
    const written = async (): Promise<number> => (await console.reader.search({ limit: 500 })).events.length
    const before = await written()
    const posts = routesWithIds(console).filter(
      ({ method, pattern }) => method === 'POST' && !NOT_OF_A_SESSION.includes(pattern),
    )
    expect(posts.length).toBeGreaterThan(20)
    for (const { pattern, path } of posts) {
      for (const form of [{}, { csrf: 'x'.repeat(43) }]) {
        const answer = await visitor.post(path, { ...form, sure: 'yes' })
        expect([pattern, answer.status]).toEqual([pattern, 403])
        expect(await answer.text()).toContain('Richiesta non accettata')
      }
    }
    expect(await written()).toBe(before)
    expect(console.sessions.rows.size).toBe(1)
  })

  test('a body too large to be a form of ours is refused', async () => {
    await using console = await openConsole()
    const visitor = console.visitor()
    await visitor.signIn()
    const csrf = await visitor.csrf()
    expect((await visitor.post('/logout', { csrf, filler: 'x'.repeat(20_000) })).status).toBe(403)
  })
})

describe('injected markup', () => {
  const EVIL = `"'><img src=x onerror=alert(1)><script>alert(1)</script>`

  function expectHarmless(page: string): void {
    expect(page).not.toMatch(/<img src=x/i)
    expect(page).not.toMatch(/<script>alert/i)
  }

  /** An event with the payload wherever text can be. */
  const evilEvent: StoredEvent = {
    id: asId('console-1.1.0'),
    v: 1,
    origin: EVIL,
    writer: EVIL,
    epoch: 1,
    seq: 0,
    at: 1_790_000_000_000_000n,
    kind: 'access',
    requestId: EVIL,
    operator: EVIL,
    processor: EVIL,
    contract: EVIL,
    role: EVIL,
    unit: EVIL,
    workstation: EVIL,
    instructedBy: EVIL,
    purpose: EVIL,
    ticket: EVIL,
    grant: EVIL,
    action: EVIL,
    resource: EVIL,
    filters: [{ field: EVIL, op: EVIL, commitment: EVIL }],
    plain: [EVIL],
    masked: [EVIL],
    disclosed: { count: 1, root: EVIL },
    decision: 'permit',
    reasons: [EVIL],
    rules: [EVIL],
    policyVersion: EVIL,
    detail: { [EVIL]: EVIL, list: [EVIL] },
  }

  const evilReader = (decision: 'permit' | 'deny' | null): AccessLogReader => {
    const event: StoredEvent = { ...evilEvent, decision, kind: decision === null ? 'log-read' : 'access' }
    return {
      search: async () => ({ events: [event], next: EVIL }),
      find: async () => event,
      disclosures: async () => [{ event: event.id, position: 0, resource: EVIL, recordKey: EVIL }],
      disclosuresOf: async () => [[{ event: event.id, position: 0, resource: EVIL, recordKey: EVIL }]],
      accessesOf: async function* () {},
      prove: async () => ({ body: EVIL, index: EVIL, size: EVIL, path: [EVIL], checkpoint: EVIL }),
      prover: async () => async () => null,
      state: async () => [{ writer: EVIL, epoch: 1, size: 1, root: EVIL, checkpoint: EVIL, at: 0n }],
    }
  }

  test.each(['permit', 'deny', null] as const)(
    'in any field of an event (%s) stays text',
    async (decision) => {
      await using console = await openConsole({ reader: evilReader(decision) })
      const visitor = console.visitor()
      await visitor.signIn()
      for (const path of ['/', '/log', '/log?kind=all', '/log/events/console-1.1.0']) {
        const page = await visitor.text(path)
        expect(page).toContain('&lt;img src=x')
        expectHarmless(page)
      }
    },
  )

  test('in the bundle or in the person’s name stays text, and a script address is no link', async () => {
    const document = fixtureDocument()
    const title = { it: EVIL, en: EVIL }
    document.varco.controller.name = EVIL
    document.varco.controller.short = EVIL
    document.varco.controller.dpo.name = EVIL
    document.varco.controller.supervisor = { name: EVIL, address: EVIL, web: 'javascript:alert(1)' }
    for (const role of Object.values(document.varco.roles)) role.title = title
    for (const unit of Object.values(document.varco.units)) unit.title = title
    for (const kind of Object.values(document.varco.data_subjects)) kind.title = title
    for (const purpose of Object.values(document.purposes))
      Object.assign(purpose, { title, plain: title, norm: EVIL })
    for (const processor of document.processors) processor.name = EVIL
    for (const resource of document.catalogue) resource.title = title
    const bundle = compileBundle(document)
    await using console = await openConsole({ bundle: async () => bundle })
    console.provider.person = { sub: 'dpo-1', name: EVIL }
    const id = await console.access()
    const visitor = console.visitor()
    expectHarmless(await visitor.text('/login'))
    await visitor.signIn()
    for (const path of ['/', '/log', `/log/events/${id}`, '/log/data-subject', '/accessibility']) {
      const page = await visitor.text(path)
      expect(page).toContain('&lt;img src=x')
      expect(page).not.toContain('href="javascript:')
      expectHarmless(page)
    }
  })

  /** Whatever is free text in a policy, wherever it stands. */
  function spoil(part: unknown): void {
    if (typeof part !== 'object' || part === null) return
    const texts = ['it', 'en', 'norm', 'because', 'short', 'reference', 'clause', 'address']
    for (const [key, value] of Object.entries(part)) {
      if (typeof value !== 'string') spoil(value)
      else if (texts.includes(key) || (key === 'name' && 'contact' in part)) Reflect.set(part, key, EVIL)
    }
  }

  test('in anything that somebody wrote stays text, on every page of the route table', async () => {
    const document = fixtureDocument()
    spoil(document)
    await using console = await openConsole({}, { bundle: compileBundle(document) })
    const visitor = console.visitor()
    await visitor.signIn()
    await visitor.proveAgain()
    const ids = await writtenEverywhere(console, visitor, EVIL)
    const shown: string[] = []
    let pages = 0
    for (const { method, pattern } of routesOf(console)) {
      if (method !== 'GET' || pattern.startsWith('/assets') || pattern.endsWith('/progress')) continue
      const answer = await visitor.get(addressOf(pattern, ids))
      if (answer.status !== 200 || !(answer.headers.get('content-type') ?? '').startsWith('text/html'))
        continue
      const page = await answer.text()
      pages++
      expectHarmless(page)
      expect([pattern, /<script(?![^>]*\ssrc=)|<style|\sstyle=|\son[a-z]+="/.test(page)]).toEqual([
        pattern,
        false,
      ])
      if (page.includes('&lt;img src=x')) shown.push(pattern)
    }
    expect(pages).toBeGreaterThan(40)
    expect(shown).toEqual(
      expect.arrayContaining([
        ...['/contracts', '/contracts/:id', '/policies', '/policies/matrix', '/policies/versions/:version'],
        ...['/retention/rules', '/retention/rules/:id', '/retention/plans/:id', '/reports'],
        ...['/log', '/requests/:id', '/alerts/:id', '/grants/:id', '/retention/holds'],
        ...['/retention/restrictions', '/retention/events', '/requests/notices', '/requests/notice'],
        ...['/me/alerts', '/me/openings', '/alerts/openings', '/alerts/openings/:request'],
      ]),
    )
  })

  test.each(['dpo-1', 'administrator-1', 'auditor-1', 'approver-1', 'manager-1', 'aurora'])(
    'written by %s in any field of any form of any page is not reflected as markup',
    async (sub) => {
      await using console = await openConsole({}, { bundle: grantBundle() })
      const dpo = console.visitor()
      await dpo.signIn()
      await dpo.proveAgain()
      const ids = await writtenEverywhere(console, dpo, 'un motivo abbastanza lungo')
      console.provider.person = { sub, name: 'Chi Scrive' }
      const visitor = console.visitor()
      await visitor.signIn('/me', sub === 'aurora' ? sub : undefined)
      if (sub !== 'aurora') await visitor.proveAgain()
      const written = new Set<string>()
      for (const { method, pattern } of routesOf(console)) {
        if (method !== 'GET' || /^\/(assets|login|language|work\/key)|progress$/.test(pattern)) continue
        const page = await (await visitor.get(addressOf(pattern, ids))).text()
        for (const { method: how, action, fields } of formsIn(page)) {
          const path = action === '' ? addressOf(pattern, ids) : action
          if (action === '/logout') continue
          const evil = Object.fromEntries(fields.map(({ name }) => [name, EVIL]))
          const csrf = fields.find(({ name }) => name === 'csrf')?.value ?? ''
          // All at once, and each alone beside what is right as it stands.
          const asItStands = Object.fromEntries(fields.map(({ name, value }) => [name, value]))
          for (const form of [evil, ...fields.map(({ name }) => ({ ...asItStands, [name]: EVIL }))]) {
            const answer =
              how === 'post'
                ? await visitor.post(path, { ...form, csrf })
                : await visitor.get(`${path.split('?')[0]}?${new URLSearchParams(form).toString()}`)
            expectHarmless(await answer.text())
          }
          for (const { name } of fields) written.add(`${path} ${name}`)
        }
      }
      expect(written.size).toBeGreaterThan(5)
    },
  )

  test('no route leads anywhere else, whatever address it is told to go on to', async () => {
    await using console = await openConsole()
    const visitor = console.visitor()
    await visitor.signIn()
    await visitor.proveAgain()
    const csrf = await visitor.csrf('/me')
    let led = 0
    for (const evil of ['//evil.example', '/\\evil.example', 'https://evil.example', '/%2f/evil.example']) {
      const told = {
        to: evil,
        next: evil,
        back: evil,
        from: evil,
        query: evil,
        name: 'x',
        zone: 'Asia/Tokyo',
      }
      for (const { method, pattern, path } of routesWithIds(console)) {
        // These lead to the provider, whose address is the bundle's.
        if (/^\/log(in|out)/.test(pattern) && pattern !== '/login') continue
        const answer =
          method === 'GET'
            ? await visitor.get(`${path}?${new URLSearchParams(told).toString()}`)
            : await visitor.post(path, { ...told, csrf, sure: 'yes' })
        const location = answer.headers.get('location')
        if (location === null) continue
        led++
        const { origin } = new URL(location, 'https://varco.gse.example')
        expect([method, pattern, location, origin]).toEqual([
          ...[method, pattern, location],
          'https://varco.gse.example',
        ])
      }
    }
    expect(led).toBeGreaterThan(10)
  })

  test('in an address or a form is not reflected as markup', async () => {
    await using console = await openConsole()
    const visitor = console.visitor()
    expectHarmless(await visitor.text(`/login?to=${encodeURIComponent(`/${EVIL}`)}`))
    await visitor.signIn()
    const evil = encodeURIComponent(EVIL)
    for (const name of [
      'from',
      'to',
      'kind',
      'decision',
      'processor',
      'contract',
      'purpose',
      'resource',
      'operator',
      'ticket',
      'after',
      'back',
      'other',
    ]) {
      expectHarmless(await visitor.text(`/log?${name}=${evil}`))
    }
    expectHarmless(await visitor.text(`/log/events/${evil}`))
    expectHarmless(await visitor.text(`/${evil}`))
    const csrf = await visitor.csrf()
    const answer = await visitor.post('/log/data-subject', { csrf, by: EVIL, identifier: EVIL, case: EVIL })
    expect(answer.status).toBe(400)
    expectHarmless(await answer.text())
  })
})

describe('headers', () => {
  test('every answer forbids framing, inline code, sniffing and caching, faults and refusals included', async () => {
    await using console = await openConsole({
      dataSubjects: { find: () => Promise.reject(new UnavailableError('records')) },
    })
    const visitor = console.visitor()
    await visitor.signIn()
    const csrf = await visitor.csrf()
    const answers = [
      await visitor.get('/'),
      await visitor.get('/log'),
      await visitor.get('/nowhere'),
      await visitor.get('/login/callback'),
      await visitor.post('/logout', {}),
      await visitor.post('/log/data-subject', {
        csrf,
        by: 'producer:id',
        identifier: 'P-1',
        case: 'RPD-2026-1',
      }),
      await console.visitor().get('/log'),
    ]
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 404, 400, 403, 503, 303])
    for (const { headers } of answers) {
      const policy = headers.get('content-security-policy') ?? ''
      expect(policy).toContain("default-src 'none'")
      expect(policy).toContain("frame-ancestors 'none'")
      expect(policy).not.toContain('unsafe')
      expect(headers.get('x-frame-options')).toBe('DENY')
      expect(headers.get('x-content-type-options')).toBe('nosniff')
      expect(headers.get('cache-control')).toBe('no-store')
      expect(headers.get('strict-transport-security')).toBe('max-age=63072000')
    }
  })

  test('plain http promises no TLS', async () => {
    await using console = await openConsole({}, { consoleUrl: 'http://127.0.0.1:4401' })
    const answer = await console.visitor().get('/login')
    expect(answer.headers.has('strict-transport-security')).toBe(false)
  })

  test('pages hold no inline script, style or handler', async () => {
    await using console = await openConsole()
    const id = await console.access()
    const visitor = console.visitor()
    await visitor.signIn()
    for (const path of ['/', '/log', `/log/events/${id}`, '/log/data-subject', '/accessibility']) {
      const page = await visitor.text(path)
      expect(page).not.toMatch(/<script(?![^>]*\ssrc=)/)
      expect(page).not.toMatch(/<style|\sstyle=|\son[a-z]+=/)
    }
  })
})
