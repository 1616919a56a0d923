import { setTimeout as sleep } from 'node:timers/promises'
import {
  generateLogKeys,
  heartbeat,
  openAccessLog,
  RolledBackError,
  SupersededError,
  verifyLog,
  type AccessLogWriter,
  type Appended,
} from '@varco/access-log'
import {
  eventDraft,
  failingStore,
  memoryAnchor,
  memoryLogStore,
  type CommitFault,
} from '@varco/access-log/testing'
import { asId, ConfigError, InvariantError, UnavailableError, type WriterId } from '@varco/core'
import { ManualClock } from '@varco/core/testing'
import fc from 'fast-check'
import { beforeEach, describe, expect, test } from 'vitest'

const keys = generateLogKeys('gse.example/varco')
const START = 1_795_500_000_000_000n
let memory = memoryLogStore()
let store = failingStore(memory)
let clock = new ManualClock(START)
let anchor = memoryAnchor()

beforeEach(() => {
  memory = memoryLogStore()
  store = failingStore(memory)
  clock = new ManualClock(START)
  anchor = memoryAnchor()
})

const open = (writer = 'proxy-1'): Promise<AccessLogWriter> =>
  openAccessLog({ store, keys, clock, writer: asId<WriterId>(writer), anchors: [anchor] })

const bodies = (): readonly { requestId: string }[] =>
  memory.trees
    .filter(({ writer }) => writer !== 'top')
    .flatMap(({ events }) => events.map(({ body }) => JSON.parse(body) as { requestId: string }))

const requestOf = (body: string): string => (JSON.parse(body) as { requestId: string }).requestId

const expectSound = async (): Promise<void> => {
  const verdict = await verifyLog({ store: memory, verifierKeys: [keys.verifier], anchors: [anchor] })
  expect(verdict.findings).toEqual([])
}

describe('appending', () => {
  test('gives each event its place, in the order of asking, and a time that only grows', async () => {
    await using log = await open()
    const places = await Promise.all(
      Array.from({ length: 50 }, (_, i) => log.append(eventDraft({ requestId: `r${i}` }))),
    )
    expect(places.map(({ id }) => id)).toEqual(Array.from({ length: 50 }, (_, i) => `proxy-1.1.${i + 1}`))
    for (const [i, { at }] of places.entries()) expect(at > (places[i - 1]?.at ?? 0n)).toBe(true)
  })

  test('puts the few that wait into one transaction', async () => {
    await using log = await open()
    await Promise.all(Array.from({ length: 15 }, () => log.append(eventDraft())))
    expect(log.metrics()).toMatchObject({ queued: 0, events: 15, batches: 1, lastBatch: 15, failures: 0 })
  })

  test('cuts many in two, and sends the second half while the first is under way', async () => {
    await using log = await open()
    const sent: (readonly [number, boolean])[] = []
    const commit = store.commit.bind(store)
    const first = Promise.withResolvers<void>()
    store.commit = async (batch, ahead) => {
      sent.push([batch.events.length, ahead !== undefined])
      if (ahead === undefined) await first.promise
      return commit(batch, ahead)
    }
    const all = Promise.all(Array.from({ length: 300 }, () => log.append(eventDraft())))
    await expect
      .poll(() => sent)
      .toEqual([
        [150, false],
        [150, true],
      ])
    first.resolve()
    expect(new Set((await all).map(({ seq }) => seq)).size).toBe(300)
    await log[Symbol.asyncDispose]()
    await expectSound()
  })

  test('after one failure under load no more is sent in vain than what was under way', async () => {
    await using log = await open()
    const commit = store.commit.bind(store)
    let sent = 0
    let superseded = 0
    store.commit = async (batch, ahead) => {
      if (++sent === 3) throw new Error('the connection was lost')
      const outcome = await commit(batch, ahead)
      if (outcome === 'superseded') superseded++
      return outcome
    }
    const caller = async (): Promise<void> => {
      while (sent < 40) await log.append(eventDraft())
    }
    await Promise.all(Array.from({ length: 64 }, caller))
    expect(superseded).toBe(1)
    await log[Symbol.asyncDispose]()
    await expectSound()
  })

  test('what was sent behind a batch that is refused for good gets in without it', async () => {
    await using log = await open()
    const commit = store.commit.bind(store)
    let refused = ''
    store.commit = async (batch, ahead) => {
      refused ||= batch.events[0]?.body ?? ''
      if (batch.events.some(({ body }) => requestOf(body) === requestOf(refused))) throw new Error('no')
      return commit(batch, ahead)
    }
    const asked = Array.from({ length: 60 }, (_, i) => `r${i}`)
    const outcomes = await Promise.allSettled(asked.map((requestId) => log.append(eventDraft({ requestId }))))
    expect(outcomes.map(({ status }) => status)).toEqual([
      ...Array.from({ length: 30 }, () => 'rejected'),
      ...Array.from({ length: 30 }, () => 'fulfilled'),
    ])
    expect(bodies().map(({ requestId }) => requestId)).toEqual([expect.any(String), ...asked.slice(30)])
    await log[Symbol.asyncDispose]()
    await expectSound()
  })

  test('cuts a rush into batches of a thousand', async () => {
    await using log = await open()
    await Promise.all(Array.from({ length: 2_500 }, () => log.append(eventDraft())))
    expect(log.metrics().batches).toBe(3)
  })

  test('holds the time when the clock steps back, and follows it again', async () => {
    await using log = await open()
    const before = await log.append(eventDraft())
    clock.advance(-3_600_000_000n)
    const held = await log.append(eventDraft())
    expect(held.at).toBe(before.at + 1n)
    clock.advance(3_700_000_000n)
    expect((await log.append(eventDraft())).at).toBe(START + 100_000_000n)
    await log[Symbol.asyncDispose]()
    await expectSound()
  })

  test('one malformed draft does not spoil the batch of others', async () => {
    await using log = await open()
    const good = log.append(eventDraft())
    await expect(log.append(eventDraft({ ticket: 'a\0' }))).rejects.toMatchObject({ code: 'malformed-event' })
    await expect(good).resolves.toMatchObject({ seq: 1 })
  })

  test('a closed log takes nothing, and closing waits for what was asked', async () => {
    const log = await open()
    const last = log.append(eventDraft())
    await log[Symbol.asyncDispose]()
    await expect(last).resolves.toMatchObject({ seq: 1 })
    await expect(log.append(eventDraft())).rejects.toThrow(UnavailableError)
  })

  test('the name of the top tree is nobody’s', async () => {
    await expect(open('top')).rejects.toThrow(InvariantError)
  })
})

describe('when a reply is lost', () => {
  test.each<[string, CommitFault[]]>([
    ['the batch was kept', ['persisted']],
    ['the batch was not kept', ['not-persisted']],
    ['again and again', ['not-persisted', 'persisted', 'not-persisted']],
  ])('and %s, the event is there once and the caller is told so', async (_, faults) => {
    await using log = await open()
    store.faults = faults
    await expect(log.append(eventDraft({ requestId: 'once' }))).resolves.toMatchObject({ seq: 1 })
    await log.append(eventDraft({ requestId: 'next' }))
    expect(
      bodies()
        .map(({ requestId }) => requestId)
        .slice(1),
    ).toEqual(['once', 'next'])
    await log[Symbol.asyncDispose]()
    await expectSound()
  })

  test('for good, the caller is refused, and what was kept all the same is continued from', async () => {
    await using log = await open()
    const commit = store.commit.bind(store)
    store.commit = async (batch) => {
      await commit(batch)
      store.away = true
      throw new Error('the connection was lost behind the commit')
    }
    await expect(log.append(eventDraft({ requestId: 'kept' }))).rejects.toThrow(UnavailableError)
    store.commit = commit
    store.away = false
    await expect(log.append(eventDraft({ requestId: 'next' }))).resolves.toMatchObject({ seq: 2 })
    expect(
      bodies()
        .map(({ requestId }) => requestId)
        .slice(1),
    ).toEqual(['kept', 'next'])
    await log[Symbol.asyncDispose]()
    await expectSound()
  })

  test('whatever the faults, whoever got an answer is in the log once, in a log that verifies', async () => {
    const fault = fc.constantFrom<CommitFault | 'fine'>('persisted', 'not-persisted', 'fine', 'fine')
    await fc.assert(
      fc.asyncProperty(
        fc.array(fault, { maxLength: 6 }),
        fc.array(fc.oneof(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 48, max: 80 })), {
          minLength: 1,
          maxLength: 3,
        }),
        async (faults, bursts) => {
          memory = memoryLogStore()
          anchor = memoryAnchor()
          const log = await openAccessLog({
            store: faulty(memory, faults),
            keys,
            clock,
            writer: asId<WriterId>('w'),
            anchors: [anchor],
          })
          const answered = new Map<string, Appended>()
          let n = 0
          for (const burst of bursts) {
            const asked = Array.from({ length: burst }, () => `r${n++}`)
            const outcomes = await Promise.allSettled(
              asked.map((requestId) => log.append(eventDraft({ requestId }))),
            )
            for (const [i, outcome] of outcomes.entries())
              if (outcome.status === 'fulfilled') answered.set(asked[i] ?? '', outcome.value)
          }
          await log[Symbol.asyncDispose]()
          const logged = bodies().map(({ requestId }) => requestId)
          expect(new Set(logged).size).toBe(logged.length)
          const { events = [] } = memory.trees.find(({ writer }) => writer === 'w') ?? {}
          for (const [requestId, { seq, at }] of answered) {
            expect(events[seq]?.at).toBe(at)
            expect(requestOf(events[seq]?.body ?? '{}')).toBe(requestId)
          }
          await expectSound()
        },
      ),
      { numRuns: 25 },
    )
  })
})

/** `fine` lets a commit through; the rest is a failing store's. */
function faulty(
  target: typeof memory,
  faults: readonly (CommitFault | 'fine')[],
): ReturnType<typeof failingStore> {
  const failing = failingStore(target)
  const rest: (CommitFault | 'fine')[] = ['fine', 'fine', ...faults]
  return {
    ...failing,
    commit: (batch, ahead) => {
      const next = rest.shift() ?? 'fine'
      failing.faults = next === 'fine' ? [] : [next]
      return failing.commit(batch, ahead)
    },
  }
}

describe('when the store is away', () => {
  test('every append is refused, and the first after its return is taken', async () => {
    await using log = await open()
    await log.append(eventDraft({ requestId: 'before' }))
    store.away = true
    await expect(log.append(eventDraft({ requestId: 'lost' }))).rejects.toThrow(UnavailableError)
    await expect(log.append(eventDraft({ requestId: 'lost' }))).rejects.toMatchObject({
      code: 'unavailable',
      service: 'access-log',
    })
    store.away = false
    await expect(log.append(eventDraft({ requestId: 'after' }))).resolves.toMatchObject({ seq: 2 })
    expect(
      bodies()
        .map(({ requestId }) => requestId)
        .slice(1),
    ).toEqual(['before', 'after'])
    expect(log.metrics().failures).toBe(2)
  })

  test('nothing is made ready that would have to be kept: the store is asked, and the callers told no', async () => {
    await using log = await open()
    const commit = store.commit.bind(store)
    let sent = 0
    store.commit = (batch, ahead) => {
      sent++
      return commit(batch, ahead)
    }
    store.away = true
    await expect(log.append(eventDraft())).rejects.toThrow(UnavailableError)
    const before = sent
    for (let i = 0; i < 50; i++) await expect(log.append(eventDraft())).rejects.toThrow(UnavailableError)
    expect(sent).toBe(before)
    store.away = false
    await expect(log.append(eventDraft())).resolves.toMatchObject({ seq: 1 })
  })

  test('opening is refused', async () => {
    store.away = true
    await expect(open()).rejects.toThrow(UnavailableError)
  })

  test('a batch that was waited for in vain and is kept late is found again', async () => {
    await using log = await open()
    const late = memory.commit.bind(memory)
    let held: (() => Promise<unknown>) | null = null
    store.commit = (batch) => {
      held ??= () => late(batch)
      return Promise.reject(new Error('timeout'))
    }
    await expect(log.append(eventDraft({ requestId: 'late' }))).rejects.toThrow(UnavailableError)
    store.commit = async (batch) => {
      // The zombie comes through between our look at the head and our commit.
      await held?.()
      return late(batch)
    }
    await expect(log.append(eventDraft({ requestId: 'next' }))).resolves.toMatchObject({ seq: 2 })
    expect(
      bodies()
        .map(({ requestId }) => requestId)
        .slice(1),
    ).toEqual(['late', 'next'])
    await log[Symbol.asyncDispose]()
    await expectSound()
  })
})

describe('one tree, one process', () => {
  test('whoever opens it last goes on, the other stops for good', async () => {
    await using first = await open()
    await first.append(eventDraft({ requestId: 'a' }))
    await using second = await open()
    await expect(first.append(eventDraft({ requestId: 'b' }))).rejects.toMatchObject({
      cause: expect.any(SupersededError) as Error,
    })
    await expect(first.append(eventDraft({ requestId: 'b' }))).rejects.toThrow(UnavailableError)
    await expect(second.append(eventDraft({ requestId: 'c' }))).resolves.toMatchObject({ seq: 3 })
    await second[Symbol.asyncDispose]()
    await expectSound()
  })

  test('of two that open at once both are taken in, and at most one goes on', async () => {
    const [a, b] = await Promise.all([open(), open()])
    const outcomes = await Promise.allSettled([a.append(eventDraft()), b.append(eventDraft())])
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    await Promise.all([a[Symbol.asyncDispose](), b[Symbol.asyncDispose]()])
    await expectSound()
  })

  test('a restart continues the tree', async () => {
    const first = await open()
    await first.append(eventDraft())
    await first[Symbol.asyncDispose]()
    await using second = await open()
    expect(await second.append(eventDraft())).toMatchObject({ epoch: 1, seq: 3 })
    await second[Symbol.asyncDispose]()
    await expectSound()
  })
})

describe('a database that holds less than before', () => {
  const rolledBack = (): typeof memory => {
    const older = memoryLogStore()
    older.trees.push(...structuredClone(memory.trees))
    return older
  }

  test('is not continued by the process that knows better', async () => {
    await using log = await open()
    await log.append(eventDraft())
    const backup = rolledBack()
    await log.append(eventDraft())
    memory.trees.splice(0, memory.trees.length, ...backup.trees)
    await expect(log.append(eventDraft())).rejects.toMatchObject({
      cause: expect.any(RolledBackError) as Error,
    })
  })

  test('is not opened when an anchor knows better', async () => {
    const log = await open()
    await log.append(eventDraft())
    const backup = rolledBack()
    await log.append(eventDraft())
    await log[Symbol.asyncDispose]()
    memory.trees.splice(0, memory.trees.length, ...backup.trees)
    await expect(open()).rejects.toThrow(RolledBackError)
  })

  test('nor when a checkpoint of another key hides what the anchor knows', async () => {
    const log = await open()
    await log.append(eventDraft())
    const backup = rolledBack()
    await log.append(eventDraft())
    await log[Symbol.asyncDispose]()
    memory.trees.splice(0, memory.trees.length, ...backup.trees)
    const forger = await openAccessLog({
      store: memoryLogStore(),
      keys: generateLogKeys(keys.origin),
      clock,
      writer: asId<WriterId>('proxy-1'),
      anchors: [{ ...anchor, latest: async () => null }],
    })
    await forger[Symbol.asyncDispose]()
    await expect(open()).rejects.toThrow(ConfigError)
  })

  test('is opened though another process went on, and published, between head and anchor', async () => {
    await (await open('proxy-2'))[Symbol.asyncDispose]()
    let passed = false
    const meanwhile = {
      ...anchor,
      latest: async (origin: string) => {
        if (!passed) {
          passed = true
          await heartbeat({
            store,
            reading: memory,
            keys,
            clock,
            anchors: [anchor],
            newRequestId: () => 'beat',
          })
        }
        return anchor.latest(origin)
      },
    }
    const access = { store, keys, clock, anchors: [meanwhile], newRequestId: () => 'mine' }
    await expect(heartbeat({ ...access, reading: memory })).resolves.toBeUndefined()
    expect(passed).toBe(true)
    await expectSound()
  })

  test('nor one with another history of the same length', async () => {
    const log = await open()
    await log[Symbol.asyncDispose]()
    memory.trees.splice(0)
    const other = memoryAnchor()
    const fork = await openAccessLog({
      store,
      keys,
      clock,
      writer: asId<WriterId>('proxy-1'),
      anchors: [other],
    })
    await fork[Symbol.asyncDispose]()
    await expect(open()).rejects.toThrow(RolledBackError)
  })
})

test('the metrics say how many wait, how large the last batch was and how long commits take', async () => {
  await using log = await open()
  const commit = store.commit.bind(store)
  const first = Promise.withResolvers<void>()
  let sent = 0
  store.commit = async (batch, ahead) => {
    sent++
    await first.promise
    return commit(batch, ahead)
  }
  const asked = Array.from({ length: 30 }, () => log.append(eventDraft()))
  await expect.poll(() => sent).toBe(1)
  const later = Array.from({ length: 7 }, () => log.append(eventDraft()))
  expect(log.metrics()).toMatchObject({ queued: 7, events: 0, batches: 0 })
  await sleep(20)
  first.resolve()
  await Promise.all([...asked, ...later])
  expect(log.metrics()).toMatchObject({ queued: 0, events: 37, batches: 2, lastBatch: 7 })
  expect(log.metrics().commitMs).toBeGreaterThan(15)
})

describe('anchors', () => {
  test('are given the last checkpoint at the latest on closing', async () => {
    const log = await open()
    await Promise.all(Array.from({ length: 10 }, () => log.append(eventDraft())))
    await log[Symbol.asyncDispose]()
    expect(await anchor.latest('gse.example/varco/proxy-1/1')).toContain('\n11\n')
    expect(log.metrics().anchorLag).toEqual({ memory: 0 })
  })

  test('one that fails delays nobody, and its lag shows', async () => {
    const broken = { ...memoryAnchor(), name: 'broken', publish: () => Promise.reject(new Error('away')) }
    await using log = await openAccessLog({
      store,
      keys,
      clock,
      writer: asId<WriterId>('proxy-1'),
      anchors: [broken, anchor],
    })
    await log.append(eventDraft())
    await sleep(5)
    expect(log.metrics().anchorLag['broken']).toBe(2)
  })
})
