import { describe, expect, test } from 'vitest'
import { languageFrom } from '../../src/i18n/language.ts'
import { openConsole } from '../support/open-console.ts'

test.each([
  [undefined, 'it'],
  ['', 'it'],
  ['en', 'en'],
  ['en-US,en;q=0.9', 'en'],
  ['it-IT', 'it'],
  ['fr, de', 'it'],
  ['fr, en;q=0.1', 'en'],
  ['it;q=0.4, en;q=0.5', 'en'],
  ['en;q=0, it', 'it'],
  ['en;q=0', 'it'],
  ['*', 'it'],
  [';;;,,q=1', 'it'],
])('a browser that asks for «%s» reads %s', (header, language) => {
  expect(languageFrom(header, 'it')).toBe(language)
})

describe('the switch', () => {
  test('lasts, goes back to the page, and beats what the browser asks for', async () => {
    await using console = await openConsole()
    const visitor = console.visitor({ 'accept-language': 'it' })
    expect(await visitor.text('/accessibility')).toContain('<html lang="it">')
    const switched = await visitor.get('/language/en?to=%2Faccessibility')
    expect([switched.status, switched.headers.get('location')]).toEqual([303, '/accessibility'])
    expect(await visitor.text('/accessibility')).toContain('<html lang="en">')
    expect(await visitor.text('/nowhere')).toContain('Page not found')
  })

  test('knows two languages', async () => {
    await using console = await openConsole()
    const visitor = console.visitor()
    expect((await visitor.get('/language/fr')).status).toBe(404)
    expect(visitor.cookies.size).toBe(0)
  })
})
