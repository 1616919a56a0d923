import type { Session, SessionStore } from '@varco/console'
import { expect, test } from 'vitest'

const session = (key: string, over: Partial<Session> = {}): Session => ({
  key,
  issuer: 'https://login.gse.example',
  externalId: 'dpo-1',
  name: 'Ada Bianchi',
  provedAt: null,
  createdAt: 1_795_512_725_123_456n,
  seenAt: 1_795_512_725_123_456n,
  ...over,
})

/** What every store of sessions must do; `open` gives an empty one. */
export function sessionStoreContract(open: () => Promise<SessionStore & AsyncDisposable>): void {
  test('finds what was inserted, to the microsecond, and nothing else', async () => {
    await using store = await open()
    await store.insert(session('a'))
    await store.insert(session('b', { name: null, issuer: 'https://è.example', externalId: "o'1\\" }))
    expect(await store.find('a')).toEqual(session('a'))
    expect(await store.find('b')).toEqual(
      session('b', { name: null, issuer: 'https://è.example', externalId: "o'1\\" }),
    )
    expect(await store.find('A')).toBeNull()
    expect(await store.find('')).toBeNull()
  })

  test('keeps when somebody proved who they are', async () => {
    await using store = await open()
    await store.insert(session('a', { provedAt: 1_795_512_725_123_455n }))
    expect((await store.find('a'))?.provedAt).toBe(1_795_512_725_123_455n)
  })

  test('refuses a second session under the same key', async () => {
    await using store = await open()
    await store.insert(session('a'))
    await expect(store.insert(session('a', { externalId: 'thief' }))).rejects.toBeInstanceOf(Error)
    expect((await store.find('a'))?.externalId).toBe('dpo-1')
  })

  test('notes when a session was seen, and brings none back', async () => {
    await using store = await open()
    await store.insert(session('a'))
    await store.seen('a', 1_795_512_999_000_001n)
    expect(await store.find('a')).toEqual(session('a', { seenAt: 1_795_512_999_000_001n }))
    await store.remove('a')
    await store.seen('a', 1_795_513_000_000_000n)
    expect(await store.find('a')).toBeNull()
  })

  test('removes one session, and again', async () => {
    await using store = await open()
    await store.insert(session('a'))
    await store.insert(session('b'))
    await store.remove('a')
    await store.remove('a')
    expect(await store.find('a')).toBeNull()
    expect(await store.find('b')).not.toBeNull()
  })

  test('sweeps what is older than either bound, and only that', async () => {
    await using store = await open()
    await store.insert(session('old', { createdAt: 9n, seenAt: 100n }))
    await store.insert(session('idle', { createdAt: 10n, seenAt: 49n }))
    await store.insert(session('alive', { createdAt: 10n, seenAt: 50n }))
    expect(await store.sweep({ createdBefore: 10n, seenBefore: 50n })).toBe(2)
    expect(await store.find('old')).toBeNull()
    expect(await store.find('idle')).toBeNull()
    expect(await store.find('alive')).not.toBeNull()
    expect(await store.sweep({ createdBefore: 10n, seenBefore: 50n })).toBe(0)
  })
}
