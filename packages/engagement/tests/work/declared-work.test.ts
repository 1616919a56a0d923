import { createHash } from 'node:crypto'
import {
  asId,
  isoToMicros,
  UnavailableError,
  type ContractId,
  type EventId,
  type Micros,
  type OperatorId,
} from '@varco/core'
import {
  agreedClosings,
  closeWorkMonths,
  declarationsDigest,
  declaredWorkCounts,
  declareWork,
  openWorkMonth,
  sealedWorkKeys,
  takeWorkToken,
  workKeyDigest,
  type Occasion,
  recloseWorkMonth,
  type WorkClosings,
  type WorkDeclaration,
  type WorkDesk,
  type WorkStore,
  type WorkToken,
} from '@varco/engagement'
import { closingsIn, memoryWork, RecordedActs, workStoreContract } from '@varco/engagement/testing'
import { fixtureBundle } from '@varco/policy/testing'
import { describe, expect, test } from 'vitest'
import { blindedToken } from './blind-client.ts'
import { modularInverse } from './modular-inverse.ts'

workStoreContract('the double in memory', async () => memoryWork())

const bundle = fixtureBundle()
const at = (iso: string): Micros => isoToMicros(iso) ?? 0n
const occasion = (iso: string): Occasion => ({ bundle, now: at(iso), requestId: asId('request') })
const JUNE = occasion('2026-06-15T10:00:00Z')
const JULY = occasion('2026-07-02T10:00:00Z')
const AUGUST = occasion('2026-08-02T10:00:00Z')
const owner = { contract: asId<ContractId>('aurora-2026'), month: '2026-06' }
const NONE = { closed: 0, refused: [] }
const HOURS = { 'antimafia-assessment': 30, 'invoice-enquiry': 10 }

// Keys take a tenth of a second each: those of one month are made once and shared.
const keys = sealedWorkKeys(Buffer.alloc(32, 7))
const pair = keys.create(owner)

interface World extends WorkDesk {
  readonly store: WorkStore
  readonly log: RecordedActs
  readonly closings: WorkClosings
}

function open(): World {
  const store = memoryWork()
  const log = new RecordedActs()
  return {
    ...{ store, log, closings: closingsIn(log) },
    keys: { ...keys, create: (of) => (of.month === owner.month ? pair : keys.create(of)) },
  }
}

const worker = (name: string) => ({ operator: asId<OperatorId>(name), contract: owner.contract })

async function tokenOf(desk: World, name: string, when = JUNE): Promise<WorkToken> {
  const month = await openWorkMonth(desk, when, owner)
  if (month === null) throw new Error('the month is not open')
  const { blinded, unblind } = await blindedToken(owner, month.publicKey)
  const taken = await takeWorkToken(desk, when, worker(name), { month: owner.month, blinded })
  if (!taken.ok) throw new Error(taken.code)
  return unblind(taken.blindSignature)
}

const codeOf = (outcome: { readonly ok: boolean; readonly code?: string }): string =>
  outcome.ok ? 'ok' : (outcome.code ?? '')

test('what five declare in June is counted in August, and no earlier', async () => {
  const desk = open()
  for (const name of ['a', 'b', 'c', 'd', 'e']) {
    const token = await tokenOf(desk, name)
    expect(codeOf(await declareWork(desk, JULY, { token, hours: HOURS }))).toBe('ok')
  }
  const counts = declaredWorkCounts(desk)
  expect(await closeWorkMonths(desk, JULY)).toEqual(NONE)
  expect(await counts.counted(owner.contract, '2026-01', '2026-12')).toEqual([])
  // A handing in that began in July's last moment may still be under way.
  expect(await closeWorkMonths(desk, occasion('2026-07-31T22:30:00Z'))).toEqual(NONE)
  expect(await closeWorkMonths(desk, AUGUST)).toEqual({ ...NONE, closed: 1 })
  expect(await closeWorkMonths(desk, AUGUST)).toEqual(NONE)
  const { publicKey } = await pair
  expect(await counts.counted(owner.contract, '2026-01', '2026-12')).toEqual([
    {
      ...{ month: '2026-06', declarers: 5, unsigned: 0, key: workKeyDigest(publicKey) },
      ...{ announced: 'acts.1.1', closed: 'acts.1.2' },
      purposes: [
        { purpose: 'antimafia-assessment', hours: 150, declarers: 5 },
        { purpose: 'invoice-enquiry', hours: 50, declarers: 5 },
      ],
    },
  ])
  expect(await counts.counted(owner.contract, '2026-07', '2026-12')).toEqual([])
})

test('the key is in the log before anybody gets it, once, and a log that fails gives none', async () => {
  const desk = open()
  desk.log.failing = true
  await expect(openWorkMonth(desk, JUNE, owner)).rejects.toThrow(UnavailableError)
  const { blinded } = await blindedToken(owner, (await pair).publicKey)
  const asked = { month: owner.month, blinded }
  await expect(takeWorkToken(desk, JUNE, worker('a'), asked)).rejects.toThrow(UnavailableError)
  desk.log.failing = false
  await Promise.all([openWorkMonth(desk, JUNE, owner), openWorkMonth(desk, JUNE, owner)])
  const digests = desk.log.acts.map(({ kind, detail }) => [kind, detail?.['key'], detail?.['month']])
  expect(new Set(digests.map(String))).toEqual(
    new Set([`work-key-made,${workKeyDigest((await pair).publicKey)},2026-06`]),
  )
  // What failed cost nobody their token.
  expect((await takeWorkToken(desk, JUNE, worker('a'), asked)).ok).toBe(true)
})

test('of all who ask at once, without login, one has the key made, and it is in the log once', async () => {
  const desk = open()
  let made = 0
  const counting: WorkDesk = {
    ...desk,
    keys: { ...desk.keys, create: (of) => (made++, desk.keys.create(of)) },
  }
  const asked = Array.from({ length: 20 }, () => openWorkMonth(counting, JUNE, owner))
  expect(new Set((await Promise.all(asked)).map((month) => month?.announced))).toEqual(new Set(['acts.1.1']))
  expect([made, desk.log.acts.length]).toEqual([1, 1])
})

describe('a worker who wants two', () => {
  test('gets one token a month, and the same answer again where the first was lost', async () => {
    const desk = open()
    const month = await openWorkMonth(desk, JUNE, owner)
    const [one, two] = [
      await blindedToken(owner, month?.publicKey ?? Buffer.alloc(0)),
      await blindedToken(owner, month?.publicKey ?? Buffer.alloc(0)),
    ]
    const take = (blinded: Buffer) => takeWorkToken(desk, JUNE, worker('a'), { month: owner.month, blinded })
    const outcomes = await Promise.all([take(one.blinded), take(two.blinded), take(one.blinded)])
    expect(outcomes.map(codeOf).sort()).toEqual(['ok', 'ok', 'work-token-taken'])
    expect(codeOf(await take(one.blinded))).toBe('ok')
  })

  test('hands a token in once, also at the same moment', async () => {
    const desk = open()
    const token = await tokenOf(desk, 'a')
    const twice = await Promise.all([
      declareWork(desk, JULY, { token, hours: HOURS }),
      declareWork(desk, JULY, { token, hours: { 'invoice-enquiry': 1 } }),
    ])
    expect(twice.map(codeOf).sort()).toEqual(['ok', 'work-token-used'])
  })

  test('spoils nothing by a message that cannot be signed', async () => {
    const desk = open()
    const bad = { month: owner.month, blinded: Buffer.alloc(256, 0xff) }
    expect(codeOf(await takeWorkToken(desk, JUNE, worker('a'), bad))).toBe('work-bad-blinding')
    expect((await tokenOf(desk, 'a')).month).toBe('2026-06')
  })
})

test('a token holds for its contract and month alone', async () => {
  const desk = open()
  const token = await tokenOf(desk, 'a')
  const tried = async (change: Partial<WorkToken>, when = JULY) =>
    codeOf(await declareWork(desk, when, { token: { ...token, ...change }, hours: HOURS }))
  expect(await tried({ contract: asId<ContractId>('borea-2023') })).toBe('work-bad-token')
  expect(await tried({ month: '2026-07' }, AUGUST)).toBe('work-bad-token')
  expect(await tried({ signature: Buffer.alloc(256, 1) })).toBe('work-bad-token')
  expect(await tried({ signature: Buffer.alloc(3) })).toBe('work-bad-token')
  expect(await tried({ message: Buffer.concat([token.message, Buffer.from('x')]) })).toBe('work-bad-token')
  const [first = 0] = token.message
  const other = Buffer.from(token.message)
  other[0] = first ^ 1
  expect(await tried({ message: other })).toBe('work-bad-token')
  expect(await tried({}, JUNE)).toBe('work-not-now')
  expect(await tried({}, AUGUST)).toBe('work-not-now')
  expect(await tried({})).toBe('ok')
})

test('a message for another month, blinded under this month’s key, makes no token of that month', async () => {
  const desk = open()
  const month = await openWorkMonth(desk, JUNE, owner)
  const july = { ...owner, month: '2026-07' }
  const { blinded, unblind } = await blindedToken(july, month?.publicKey ?? Buffer.alloc(0))
  const taken = await takeWorkToken(desk, JUNE, worker('a'), { month: owner.month, blinded })
  const token = taken.ok ? await unblind(taken.blindSignature) : null
  await openWorkMonth(desk, JULY, july)
  const declared = { token: token ?? ({} as WorkToken), hours: HOURS }
  expect(codeOf(await declareWork(desk, AUGUST, declared))).toBe('work-bad-token')
})

test('tokens are taken in their month by people of a contract the bundle knows', async () => {
  const desk = open()
  const { blinded } = await blindedToken(owner, (await pair).publicKey)
  const take = async (when: Occasion, month: string, who: Parameters<typeof takeWorkToken>[2]) =>
    codeOf(await takeWorkToken(desk, when, who, { month, blinded }))
  expect(await take(JUNE, '2026-07', worker('a'))).toBe('work-not-now')
  expect(await take(JULY, '2026-06', worker('a'))).toBe('work-not-now')
  // Rome is two hours on: June ends at ten in the evening.
  expect(await take(occasion('2026-06-30T22:30:00Z'), '2026-06', worker('a'))).toBe('work-not-now')
  expect(await take(JUNE, '2026-06', { ...worker('gse:dora'), contract: null })).toBe('work-no-contract')
  expect(await take(JUNE, '2026-06', { ...worker('x'), contract: asId('unknown-2026') })).toBe(
    'work-no-contract',
  )
  expect(desk.log.acts).toEqual([])
  expect(await take(occasion('2026-06-30T21:59:00Z'), '2026-06', worker('a'))).toBe('ok')
})

test('says of hours what nobody can have worked, and purposes that do not exist', async () => {
  const desk = open()
  const token = await tokenOf(desk, 'a')
  const tried = async (hours: Readonly<Record<string, number>>) =>
    codeOf(await declareWork(desk, JULY, { token, hours }))
  for (const hours of [
    {},
    { 'invoice-enquiry': 0 },
    { 'invoice-enquiry': -5, 'antimafia-assessment': 10 },
    { 'invoice-enquiry': 7.5 },
    { 'invoice-enquiry': 401 },
    { 'invoice-enquiry': 399, 'antimafia-assessment': 2 },
    { 'invoice-enquiry': Number.NaN },
    { gardening: 4 },
    { toString: 4 },
  ])
    expect(await tried(hours), JSON.stringify(hours)).toBe('work-bad-hours')
  expect(await tried({ 'invoice-enquiry': 400 })).toBe('ok')
})

describe('a crooked contractor', () => {
  test('that takes its workers’ tokens gets one for each, and each of them is told', async () => {
    const desk = open()
    const stolen = [await tokenOf(desk, 'anna'), await tokenOf(desk, 'bice')]
    for (const token of stolen) await declareWork(desk, JULY, { token, hours: { 'invoice-enquiry': 100 } })
    await expect(tokenOf(desk, 'anna')).rejects.toThrow('work-token-taken')
    await closeWorkMonths(desk, AUGUST)
    const [month] = await declaredWorkCounts(desk).counted(owner.contract, '2026-06', '2026-06')
    expect(month?.declarers).toBe(2)
  })
})

describe('the issuer that wants to know who declared what', () => {
  test('sees at the taking nothing that is in the token, and keeps no name and no time', async () => {
    const desk = open()
    const month = await openWorkMonth(desk, JUNE, owner)
    const seen: Buffer[] = []
    const watched: World = {
      ...desk,
      keys: {
        ...desk.keys,
        sign: (of, sealedKey, blinded) => {
          const signed = desk.keys.sign(of, sealedKey, blinded)
          seen.push(blinded, ...(signed === null ? [] : [signed]))
          return signed
        },
      },
    }
    const token = await tokenOf(watched, 'aurora:anna')
    expect(seen).toHaveLength(2)
    for (const part of seen) {
      expect(part.equals(token.signature)).toBe(false)
      expect(part.includes(token.message.subarray(0, 32))).toBe(false)
    }
    await declareWork(desk, JULY, { token, hours: HOURS })
    const kept = JSON.stringify(await desk.store.declared(owner.contract, '2026-06', '2026-06'))
    expect(kept).not.toContain('anna')
    expect(kept).not.toMatch(/"(at|time|received)[^"]*":/)
    // Nor does the log tell of it: one entry, about the key.
    expect(desk.log.kinds).toEqual(['work-key-made'])
    expect(month?.announced).toBe('acts.1.1')
  })

  test('can match each blinded message with each token: all pairs are possible alike', async () => {
    const { publicKey } = await pair
    const { n } = await crypto.subtle
      .importKey('spki', new Uint8Array(publicKey), { name: 'RSA-PSS', hash: 'SHA-384' }, true, ['verify'])
      .then((key) => crypto.subtle.exportKey('jwk', key))
    const modulus = BigInt(`0x${Buffer.from(n ?? '', 'base64url').toString('hex')}`)
    const toNumber = (bytes: Buffer): bigint => BigInt(`0x${bytes.toString('hex')}`)
    const power = (base: bigint, exponent: bigint): bigint => {
      let [result, square, rest] = [1n, base % modulus, exponent]
      for (; rest > 0n; rest >>= 1n) {
        if (rest & 1n) result = (result * square) % modulus
        square = (square * square) % modulus
      }
      return result
    }
    const desk = open()
    const blinds: Buffer[] = []
    const watched: World = {
      ...desk,
      keys: {
        ...desk.keys,
        sign: (of, sealedKey, blinded) => {
          blinds.push(blinded)
          return desk.keys.sign(of, sealedKey, blinded)
        },
      },
    }
    const tokens = [await tokenOf(watched, 'a'), await tokenOf(watched, 'b')]
    // For every pair there is a blinding factor that leads from one to the other: r^e = blinded / encoded.
    for (const blinded of blinds)
      for (const { signature } of tokens) {
        const encoded = power(toNumber(signature), 65_537n)
        const signed = toNumber(keys.sign(owner, (await pair).sealedKey, blinded) ?? Buffer.alloc(1))
        const factor = (signed * modularInverse(toNumber(signature), modulus)) % modulus
        expect((encoded * power(factor, 65_537n)) % modulus === toNumber(blinded)).toBe(true)
      }
  })

  test('that hands one worker a key of their own is caught: the token does not verify under the key of the others', async () => {
    const desk = open()
    const month = await openWorkMonth(desk, JUNE, owner)
    const marked = await keys.create(owner)
    // The worker has the month's key from an address where nobody knows who asks.
    const { blinded, unblind } = await blindedToken(owner, month?.publicKey ?? Buffer.alloc(0))
    const signature = keys.sign(owner, marked.sealedKey, blinded)
    const unblinded = await unblind(signature ?? Buffer.alloc(256)).catch(({ message }: Error) => message)
    expect(unblinded).toBe('invalid signature')
    expect(workKeyDigest(marked.publicKey)).not.toBe(desk.log.acts[0]?.detail?.['key'])
  })
})

describe('a database superuser', () => {
  async function closed(change: (declared: World['store']) => World['store']) {
    const desk = open()
    const token = await tokenOf(desk, 'a')
    await declareWork(desk, JULY, { token, hours: HOURS })
    await closeWorkMonths(desk, AUGUST)
    const store = change(desk.store)
    const [counted] = await declaredWorkCounts({ ...desk, store }).counted(
      owner.contract,
      '2026-06',
      '2026-06',
    )
    const [month] = await store.declared(owner.contract, '2026-06', '2026-06')
    const told = desk.log.acts.find(({ kind }) => kind === 'work-month-closed')?.detail?.['declared']
    return { counted, unchanged: declarationsDigest(month?.declarations ?? []) === told }
  }
  const changing =
    (change: (all: readonly Declaration[]) => readonly Declaration[]) =>
    (store: WorkStore): WorkStore => ({
      ...store,
      declared: async (...asked) =>
        (await store.declared(...asked)).map((month) => ({
          ...month,
          declarations: change(month.declarations),
        })),
    })
  type Declaration = Awaited<ReturnType<WorkStore['declared']>>[number]['declarations'][number]

  test('who changes nothing is told so', async () => {
    const { counted, unchanged } = await closed((store) => store)
    expect(counted).toMatchObject({ declarers: 1, unsigned: 0 })
    expect(unchanged).toBe(true)
  })

  test('who adds declarations has the month counted no more', async () => {
    const made = {
      message: Buffer.alloc(70, 1),
      signature: Buffer.alloc(256, 1),
      hours: { 'invoice-enquiry': 400 },
    }
    const { counted, unchanged } = await closed(changing((all) => [...all, made]))
    expect(counted).toBeUndefined()
    expect(unchanged).toBe(false)
  })

  test('who puts some in before the closing adds nothing to the count', async () => {
    const desk = open()
    const token = await tokenOf(desk, 'a')
    await declareWork(desk, JULY, { token, hours: HOURS })
    const made = { ...token, message: Buffer.alloc(70, 1), hours: { 'invoice-enquiry': 400 } }
    await desk.store.handIn(owner, made)
    await closeWorkMonths(desk, AUGUST)
    const [counted] = await declaredWorkCounts(desk).counted(owner.contract, '2026-06', '2026-06')
    expect(counted).toMatchObject({ declarers: 1, unsigned: 1 })
  })

  test('who repeats one, alters one or takes one away shows against the log', async () => {
    const repeated = await closed(changing((all) => [...all, ...all]))
    expect(repeated).toMatchObject({ counted: undefined, unchanged: false })
    const altered = await closed(
      changing((all) => all.map((each) => ({ ...each, hours: { 'invoice-enquiry': 1 } }))),
    )
    // The row still names the genuine closing: hours that are not its own are not counted under it.
    expect(altered).toMatchObject({ counted: undefined, unchanged: false })
    expect((await closed(changing(() => []))).unchanged).toBe(false)
  })
})

test('takers are kept under a keyed hash that differs from month to month', () => {
  const june = keys.takerOf(owner, asId('aurora:anna'))
  expect(june).not.toBe(keys.takerOf({ ...owner, month: '2026-07' }, asId('aurora:anna')))
  expect(june).not.toBe(sealedWorkKeys(Buffer.alloc(32, 8)).takerOf(owner, asId('aurora:anna')))
  expect(june).not.toBe(createHash('sha256').update('aurora:anna').digest('base64url'))
})

describe('a closed month', () => {
  async function closedMonth() {
    const desk = open()
    for (const name of ['a', 'b'])
      await declareWork(desk, JULY, { token: await tokenOf(desk, name), hours: HOURS })
    await closeWorkMonths(desk, AUGUST)
    const [month] = await desk.store.declared(owner.contract, owner.month, owner.month)
    if (month === undefined) throw new Error('there is no month')
    return { desk, month }
  }
  type Closed = Awaited<ReturnType<typeof closedMonth>>

  /** The same world after somebody has opened the month again, and left the first declaration in it alone. */
  function changed(
    { desk, month }: Closed,
    declarations: readonly WorkDeclaration[] = month.declarations.slice(0, 1),
  ): World {
    let isOpen = true
    const now = { ...month, declarations }
    const close: WorkStore['close'] = async (_, decide) => {
      const event = isOpen ? await decide({ ...now, closed: null }) : null
      if (event !== null) isOpen = false
      return event !== null
    }
    const store = {
      ...desk.store,
      ...{ close, declared: async () => [now], notClosed: async () => (isOpen ? [now] : []) },
      closeAnew: async (of: typeof owner, decide: Parameters<WorkStore['close']>[1]) => {
        isOpen = true
        return close(of, decide)
      },
    }
    return { ...desk, store }
  }
  const reclose = (desk: World, by: string, when = AUGUST) => recloseWorkMonth(desk, when, { ...owner, by })

  test('of which somebody changed the declarations is not closed again, however often it is tried', async () => {
    const { desk, month } = await closedMonth()
    const tampered = changed({ desk, month })
    for (const when of [AUGUST, occasion('2026-09-09T10:00:00Z')])
      expect(await closeWorkMonths(tampered, when)).toEqual({ closed: 0, refused: [owner] })
    expect(desk.log.kinds.filter((kind) => kind === 'work-month-closed')).toHaveLength(1)
  })

  test('that was only opened, or whose closing a crash kept from the store, gets the entry it has', async () => {
    const { desk, month } = await closedMonth()
    const opened = changed({ desk, month }, month.declarations)
    expect(await closeWorkMonths(opened, AUGUST)).toEqual({ ...NONE, closed: 1 })
    expect(desk.log.kinds.filter((kind) => kind === 'work-month-closed')).toHaveLength(1)
  })

  test('is closed by one of many processes, with one entry', async () => {
    const desk = open()
    await declareWork(desk, JULY, { token: await tokenOf(desk, 'a'), hours: HOURS })
    const all = await Promise.all([1, 2, 3].map(() => closeWorkMonths(desk, AUGUST)))
    expect(all.reduce((sum, { closed }) => sum + closed, 0)).toBe(1)
    expect(desk.log.kinds.filter((kind) => kind === 'work-month-closed')).toHaveLength(1)
  })

  test('is closed anew by two people, and the log tells both closings and who agreed', async () => {
    const { desk, month } = await closedMonth()
    expect(codeOf(await reclose(desk, 'DPO-1'))).toBe('work-as-closed')
    const tampered = changed({ desk, month })
    expect(await reclose(tampered, 'DPO-1')).toMatchObject({ ok: true, taken: false })
    expect(codeOf(await reclose(tampered, 'dpo-1 '))).toBe('work-second-person')
    expect(await closeWorkMonths(tampered, AUGUST)).toEqual({ closed: 0, refused: [owner] })
    expect(await reclose(tampered, 'DPO-2')).toMatchObject({ ok: true, taken: true })
    const [first, second] = desk.log.acts.filter(({ kind }) => kind === 'work-month-closed')
    expect(first).toMatchObject({ operator: null })
    expect(second).toMatchObject({ operator: 'DPO-2', detail: { asked_by: 'DPO-1', replaces: month.closed } })
    expect(await closeWorkMonths(tampered, AUGUST)).toEqual(NONE)
    // From then on it is this closing that nobody comes past.
    const again = changed({ desk, month }, [])
    expect(await closeWorkMonths(again, AUGUST)).toEqual({ closed: 0, refused: [owner] })
    expect(codeOf(await reclose(again, 'DPO-2'))).toBe('ok')
  })

  test('whose new closing a crash kept from the store gets it by the same command, with no second entry', async () => {
    const { desk, month } = await closedMonth()
    let row = { ...month, declarations: month.declarations.slice(0, 1) }
    let crashing = true
    const store: WorkStore = {
      ...desk.store,
      declared: async () => [row],
      closeAnew: async (_, decide) => {
        const closed = await decide(row)
        if (crashing) throw new UnavailableError('state')
        if (closed !== null) row = { ...row, closed }
        return closed !== null
      },
    }
    const world = { ...desk, store }
    const counted = async () =>
      (await declaredWorkCounts(world).counted(owner.contract, owner.month, owner.month))[0]
    expect(await reclose(world, 'DPO-1')).toMatchObject({ taken: false })
    await expect(reclose(world, 'DPO-2')).rejects.toThrow(UnavailableError)
    crashing = false
    const [, second] = (await desk.closings.of(owner)).closed
    expect(await counted()).toMatchObject({ closed: second?.event, declarers: 1 })
    expect(await reclose(world, 'DPO-3')).toEqual({ ok: true, taken: true, event: second?.event })
    expect(row.closed).toBe(second?.event)
    expect(codeOf(await reclose(world, 'DPO-3'))).toBe('work-as-closed')
    expect(desk.log.kinds.filter((kind) => kind === 'work-month-closed')).toHaveLength(2)
  })

  test('is not closed anew with other declarations than were asked for, after a week, or before it ever was', async () => {
    const { desk, month } = await closedMonth()
    const one = changed({ desk, month })
    const none = changed({ desk, month }, [])
    expect(await reclose(one, 'DPO-1')).toMatchObject({ taken: false })
    expect(await reclose(none, 'DPO-2')).toMatchObject({ taken: false })
    expect(await reclose(one, 'DPO-3', occasion('2026-08-20T10:00:00Z'))).toMatchObject({ taken: false })
    expect(codeOf(await reclose(open(), 'DPO-1'))).toBe('work-not-closed')
    expect(desk.log.kinds.filter((kind) => kind === 'work-month-closed')).toHaveLength(1)
  })

  test('is not said to be closed by an entry that nobody agreed to', () => {
    const entry = { at: 1n, by: 'DPO-1', declared: 'x', replaces: null, asked: null }
    const closed = [{ ...entry, event: asId<EventId>('a.1.1'), by: null, declared: 'first' }]
    const asked = [{ ...entry, event: asId<EventId>('a.1.2') }]
    const anew = { ...entry, event: asId<EventId>('a.1.3'), by: 'DPO-2', replaces: 'a.1.1', asked: 'a.1.2' }
    const standing = (change: Partial<typeof anew>) =>
      agreedClosings({ closed: [...closed, { ...anew, ...change }], asked }).at(-1)?.declared
    expect(standing({})).toBe('x')
    for (const change of [
      ...[{ by: 'DPO-1' }, { declared: 'y' }, { replaces: 'a.1.9' }],
      ...[{ asked: 'a.1.9' }, { asked: 'a.1.1' }],
    ])
      expect(standing(change)).toBe('first')
  })
})
