import { UnavailableError } from '@varco/core'
import type { SessionStore } from '@varco/console'
import { openDatabase, postgresSessionStore } from '@varco/postgres'
import { scratchDatabase } from '@varco/postgres/testing'
import { describe, expect, inject, test } from 'vitest'
import { openConsole } from '../support/open-console.ts'
import { sessionStoreContract } from './session-store.contract.ts'

describe('the store on PostgreSQL', () => {
  sessionStoreContract(async () => {
    const database = await scratchDatabase(inject('serverUrl'))
    return { ...postgresSessionStore(database), [Symbol.asyncDispose]: () => database[Symbol.asyncDispose]() }
  })

  test('says so when the database cannot be reached', async () => {
    await using database = openDatabase({ url: 'postgres://varco@127.0.0.1:1/varco' })
    const store: SessionStore = postgresSessionStore(database)
    await expect(store.find('a')).rejects.toThrow(UnavailableError)
    await expect(store.sweep({ createdBefore: 1n, seenBefore: 1n })).rejects.toThrow(UnavailableError)
  })

  test('carries a whole visit: login, pages, logout', async () => {
    await using database = await scratchDatabase(inject('serverUrl'))
    await using console = await openConsole({ sessions: postgresSessionStore(database) })
    const count = async (): Promise<unknown> =>
      (await database.pool.query('SELECT count(*)::int AS n FROM varco.console_sessions')).rows[0]
    const visitor = console.visitor()
    await visitor.signIn()
    expect(await count()).toEqual({ n: 1 })
    expect((await visitor.get('/log')).status).toBe(200)
    await visitor.post('/logout', { csrf: await visitor.csrf() })
    expect(await count()).toEqual({ n: 0 })
    expect((await visitor.get('/log')).status).toBe(303)
  })
})
