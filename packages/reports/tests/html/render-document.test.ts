import { renderHtml, renderJson } from '@varco/reports'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { jsonInHtml } from '../../src/html/render-document.ts'
import { html } from '../../src/html/html.ts'
import { ROWS, sampleBody, yearOfAccesses } from '../sample-body.ts'

const ENTITIES: Readonly<Record<string, string>> = {
  '&amp;': '&',
  '&lt;': '<',
  '&gt;': '>',
  '&quot;': '"',
  '&#39;': "'",
}

test('any text stands in the page as text, whatever it holds', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      const page = html`<p title="${text}">${text}</p>`.text
      expect(page.match(/[<>]/g)).toHaveLength(4)
      const inside = />([\s\S]*)</.exec(page)?.[1] ?? ''
      const read = inside.replaceAll(/&(?:amp|lt|gt|quot|#39);/g, (entity) => ENTITIES[entity] ?? '')
      expect(read.replaceAll('\ufffd', '')).toBe(
        text.replaceAll(/[^\P{Cc}\t\n\r]|\p{Surrogate}|[\ufffd-\uffff]/gu, ''),
      )
    }),
  )
})

test('needs nothing from the network and runs nothing', async () => {
  await using body = await sampleBody()
  await yearOfAccesses(body)
  const page = await renderHtml(await body.report())
  expect(page).toContain(`content="default-src 'none';`)
  expect(
    [...page.matchAll(/(?:src|href)\s*=\s*["']?([^"'\s>]+)/g)]
      .map((match) => match[1])
      .filter((target) => target?.startsWith('#') !== true),
  ).toEqual([])
  expect(
    [...page.matchAll(/url\(([^)]{0,20})/g)].every((match) => match[1]?.startsWith('data:font/woff2;')),
  ).toBe(true)
  expect(page).not.toMatch(/@import|\son\w+=|javascript:/)
  expect([...page.matchAll(/<script[^>]*>/g)].map((match) => match[0])).toEqual([
    '<script type="application/json" id="varco-report">',
  ])
})

test('carries the JSON it was set from, and nothing in a name can end it', async () => {
  const name = `</script><img src=x onerror="alert(1)"> ' & <!--`
  const [giulia, ...others] = ROWS['producer'] ?? []
  await using body = await sampleBody({ rows: { ...ROWS, producer: [{ ...giulia, name }, ...others] } })
  const report = await body.report({ identifier: name })
  const page = await renderHtml(report)
  expect(page).not.toContain('<img')
  expect(JSON.parse(jsonInHtml(page) ?? '')).toEqual(JSON.parse(renderJson(report)))
})

test('is sound for a reader who does not see it: language, one title, headings in order, tables named', async () => {
  await using body = await sampleBody()
  await yearOfAccesses(body)
  const page = await renderHtml(await body.report({ locale: 'en' }))
  expect(page).toContain('<html lang="en">')
  expect(page.match(/<h1>/g)).toHaveLength(1)
  const levels = [...page.matchAll(/<h([1-6])/g)].map((match) => Number(match[1]))
  levels.forEach((level, i) => {
    expect(level - (levels[i - 1] ?? 0)).toBeLessThanOrEqual(1)
  })
  expect(page.match(/<table>/g)?.length).toBe(page.match(/<table>\s*<caption>/g)?.length)
  expect(page).not.toMatch(/<th(?! scope="col")[ >]/)
  const ids = [...page.matchAll(/\sid="([^"]+)"/g)].map((match) => match[1])
  expect(new Set(ids).size).toBe(ids.length)
  for (const [, target] of page.matchAll(/(?:href="#|aria-labelledby=")([^"]+)"/g))
    expect(ids).toContain(target)
})
