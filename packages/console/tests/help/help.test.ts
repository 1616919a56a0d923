import { expect, test } from 'vitest'
import { TOPICS, topicOf } from '../../src/help/help-topic.ts'
import { openConsole } from '../support/open-console.ts'

test('every page of the menu leads to its help, and the help back by its key', async () => {
  await using console = await openConsole()
  const visitor = console.visitor()
  await visitor.signIn()
  const help = await visitor.text('/help')
  for (const topic of TOPICS) expect(help).toContain(`<section id="${topic}">`)
  const menu = [...help.matchAll(/<li><a href="(\/[\w-]*)"(?: accesskey="(\d)")?/g)].map(
    ([, href = '', key]) => ({
      href,
      key,
    }),
  )
  expect(menu.length).toBeGreaterThan(8)
  for (const { href } of menu) {
    expect([href, topicOf(href)]).not.toEqual([href, null])
  }
  const keys = menu.flatMap(({ key }) => key ?? [])
  expect(new Set(keys).size).toBe(keys.length)
  for (const key of keys) expect(help).toContain(`<kbd>${key}</kbd>`)
  expect(await visitor.text('/requests')).toContain('href="/help#requests"')
  const nobody = console.visitor()
  for (const topic of ['verify', 'work'])
    expect(await nobody.text(`/${topic}`)).toContain(`href="/help#${topic}"`)
})

test('help is there in English, and before anybody has signed in', async () => {
  await using console = await openConsole()
  const page = await console.visitor({ 'accept-language': 'en' }).text('/help')
  expect(page).toContain('Keyboard shortcuts')
})
