import { generateLogKeys } from '@varco/access-log'
import { renderHtml, renderJson, renderPdf, verifyReport, type SubjectReport } from '@varco/reports'
import { beforeAll, describe, expect, test } from 'vitest'
import { sampleBody, yearOfAccesses } from '../sample-body.ts'

type Path = readonly (string | number)[]

/** Every fact of a JSON value: where it is and what it says. */
function leavesOf(value: unknown, path: Path = []): { readonly path: Path; readonly value: unknown }[] {
  if (value === null || typeof value !== 'object') return [{ path, value }]
  return Object.entries(value).flatMap(([key, inner]) =>
    leavesOf(inner, [...path, Array.isArray(value) ? Number(key) : key]),
  )
}

function withLeaf(value: unknown, [key, ...rest]: Path, leaf: unknown): unknown {
  if (key === undefined) return leaf
  if (Array.isArray(value))
    return value.map((item: unknown, i) => (i === key ? withLeaf(item, rest, leaf) : item))
  const object = value as Record<string, unknown>
  return { ...object, [key]: withLeaf(object[key], rest, leaf) }
}

function changed(leaf: unknown): unknown {
  if (typeof leaf === 'number') return leaf + 1
  if (typeof leaf === 'boolean') return !leaf
  return typeof leaf === 'string' ? `${leaf}x` : 'x'
}

describe('a report', () => {
  let report: SubjectReport
  let verifier: string
  beforeAll(async () => {
    await using body = await sampleBody()
    await yearOfAccesses(body)
    verifier = body.verifier
    report = await body.report()
  })

  test('verifies as JSON, as HTML and as PDF, with the fingerprint they print', async () => {
    const html = await renderHtml(report)
    const pdf = await renderPdf(report)
    for (const file of [renderJson(report), html, Buffer.from(html), pdf, Buffer.from(renderJson(report))]) {
      const verification = verifyReport(file, verifier)
      expect(verification).toMatchObject({ ok: true, proved: 15 })
      expect(html).toContain(verification.hash)
    }
  })

  test('verifies when its JSON was set out in another way: the facts are the same', () => {
    expect(verifyReport(JSON.stringify(report, null, 2), verifier).ok).toBe(true)
  })

  test('fails when an access is taken out, doubled or swapped with another', () => {
    const [first, second, ...rest] = report.accesses
    if (first === undefined || second === undefined) throw new Error('the year has accesses')
    const { proof } = second
    for (const accesses of [
      [second, ...rest],
      [first, first, second, ...rest],
      [second, first, ...rest],
      [{ ...first, proof }, second, ...rest],
    ]) {
      expect(verifyReport(renderJson({ ...report, accesses }), verifier).ok).toBe(false)
    }
  })

  test('fails, never skips, when a proof is missing', () => {
    const accesses = report.accesses.map((access, i) => (i === 3 ? { ...access, proof: null } : access))
    const verification = verifyReport(renderJson({ ...report, accesses }), verifier)
    expect(verification).toMatchObject({ ok: false, proved: 14 })
    expect(verification.problems).toContainEqual({ code: 'proof-missing', event: report.accesses[3]?.event })
    expect(
      verifyReport(renderJson({ ...report, made: { ...report.made, proof: null } }), verifier).problems,
    ).toEqual([{ code: 'proof-missing', event: report.made.event }])
    expect(verifyReport(renderJson({ ...report, checkpoints: [] }), verifier).ok).toBe(false)
  })

  test('says which entry differs from what the report says of it', () => {
    const accesses = report.accesses.map((access, i) =>
      i === 2 ? { ...access, operator: 'BOR-11QZ8' } : access,
    )
    expect(verifyReport(renderJson({ ...report, accesses }), verifier).problems).toEqual([
      { code: 'differs-from-entry', event: report.accesses[2]?.event },
      { code: 'content-changed', event: report.made.event },
    ])
  })

  test('fails under the key of another log, and without a key', () => {
    expect(
      verifyReport(renderJson(report), generateLogKeys('gse.example/varco').verifier).problems[0]?.code,
    ).toBe('bad-signature')
    expect(verifyReport(renderJson(report), '').problems[0]?.code).toBe('bad-key')
  })
})

test('a report fails when any one of its facts is changed', async () => {
  await using body = await sampleBody()
  await body.access('2026-02-03T07:00:30Z')
  await body.access('2026-02-04T07:00:30Z', { processor: null, contract: null, ticket: null })
  const report = await body.report()
  const leaves = leavesOf(report)
  expect(leaves.length).toBeGreaterThan(400)
  const unseen = leaves.filter(
    ({ path, value }) =>
      verifyReport(JSON.stringify(withLeaf(report, path, changed(value))), body.verifier).ok,
  )
  expect(unseen.map(({ path }) => path.join('.'))).toEqual([])
}, 30_000)

test.each(['', '{', '[]', 'null', '{"format":"varco/subject-report"}', '<html>', '%PDF-1.7 nothing'])(
  '%j is no report',
  (file) => {
    expect(verifyReport(file, '')).toEqual({
      ok: false,
      format: null,
      hash: null,
      accesses: 0,
      proved: 0,
      problems: [{ code: 'not-a-report', event: null }],
    })
    expect(verifyReport(Buffer.from(file), '').ok).toBe(false)
  },
)
