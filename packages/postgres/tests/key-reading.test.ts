import { expect, test } from 'vitest'
import { askedTogether } from '../src/key-reading.ts'

test('puts each question’s values where the single statement has its parameters, and lists where all share them', () => {
  const text =
    'SELECT r0."id" FROM x AS r0 WHERE r0.id = $1::int8 AND r0.status = ANY($2::text[]) LIMIT $3::bigint'
  expect(askedTogether({ text, lists: [false, true, false] })).toBe(
    'SELECT asked.n, found.* FROM unnest($1::text[], $3::text[]) WITH ORDINALITY AS asked (v1, v3, n) CROSS JOIN LATERAL ' +
      '(SELECT r0."id" FROM x AS r0 WHERE r0.id = asked.v1::int8 AND r0.status = ANY($2::text[]) LIMIT asked.v3::bigint) AS found',
  )
})

test('leaves alone what looks like a parameter within a name or a text', () => {
  const text = `SELECT r0."a$1" AS "a""$1", 'it''s $1' FROM "s$1"."t""$1" AS r0 WHERE r0."a$1" = $1::text`
  expect(askedTogether({ text, lists: [false] })).toContain(
    `(SELECT r0."a$1" AS "a""$1", 'it''s $1' FROM "s$1"."t""$1" AS r0 WHERE r0."a$1" = asked.v1::text)`,
  )
})
