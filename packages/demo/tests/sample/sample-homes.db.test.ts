import { openDatabase } from '@varco/postgres'
import { scratchDatabase } from '@varco/postgres/testing'
import { expect, inject, test } from 'vitest'
import { createSampleBody } from '../../src/sample/create-sample-body.ts'
import { instant } from '../../src/sample/day.ts'
import { sampleHomes } from '../../src/sample/sample-homes.ts'
import { sampleOperators } from '../../src/sample/sample-operators.ts'

test('everybody who works has a home of their own, and three are somebody to those they pay', async () => {
  await using scratch = await scratchDatabase(inject('serverUrl'))
  await using database = openDatabase({ url: scratch.url })
  await createSampleBody(database.pool, { now: instant('2026-11-24T10:00:00+01:00'), producers: 300 })
  const homes = await sampleHomes(database.pool)
  const operators = sampleOperators()
  expect(homes.map(({ pseudonym }) => pseudonym)).toEqual(operators.map(({ pseudonym }) => pseudonym))
  expect(await sampleHomes(database.pool)).toEqual(homes)

  const { rows } = await database.pool.query<{ tax_code: string; home: string; name: string }>(
    `SELECT tax_code, address || municipality AS home, surname || municipality AS name FROM gse.producer`,
  )
  const known = (username: string): readonly string[] => {
    const at = operators.findIndex((each) => each.contract === null && each.username === username)
    const { taxCode, surname, address, municipality } = homes[at] ?? {}
    return [
      ...(rows.some((row) => row.tax_code === taxCode) ? ['themselves'] : []),
      ...(rows.some(({ home }) => home === `${address}${municipality}`) ? ['household'] : []),
      ...(rows.some(({ name }) => name === `${surname}${municipality}`) ? ['name'] : []),
    ]
  }
  expect(['fatture', 'fatture.2', 'fatture.3'].map(known)).toEqual([['household'], ['themselves'], ['name']])
  const others = operators.filter(({ username }) => !['fatture', 'fatture.2', 'fatture.3'].includes(username))
  expect(others.filter(({ username, contract }) => contract === null && known(username).length > 0)).toEqual(
    [],
  )
  // Whoever moved from company to company still lives where they lived.
  const moved = Map.groupBy(operators, ({ person }) => person)
  for (const each of moved.values())
    expect(new Set(each.map((operator) => homes[operators.indexOf(operator)]?.address)).size).toBe(1)
})
