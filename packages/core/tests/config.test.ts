import { ConfigError, envToConfig } from '@varco/core'
import { expect, test } from 'vitest'

test('an empty environment gives the documented defaults', () => {
  const config = envToConfig({})
  expect([config.VARCO_PROXY_PORT, config.VARCO_CONSOLE_PORT, config.VARCO_HOST, config.VARCO_HOME]).toEqual([
    4400,
    4401,
    '127.0.0.1',
    '.varco',
  ])
  expect(config.DATABASE_URL).toBeUndefined()
})

test('an empty value counts as absent', () => {
  expect(envToConfig({ VARCO_PROXY_PORT: '' }).VARCO_PROXY_PORT).toBe(4400)
})

test.each([
  ['DATABASE_URL', 'mysql://root:secret@db/varco'],
  ['VARCO_PROXY_PORT', '70000'],
  ['VARCO_PROXY_PORT', 'http'],
  ['VARCO_WRITER', 'Proxy 1'],
  ['VARCO_LOG_LEVEL', 'loud'],
  ['VARCO_CONSOLE_CLIENT_SECRET', 'short'],
])('names %s when it is wrong, without repeating its value', (key, value) => {
  let caught: unknown
  try {
    envToConfig({ [key]: value })
  } catch (error) {
    caught = error
  }
  expect(caught).toBeInstanceOf(ConfigError)
  expect(caught).toMatchObject({ code: 'config', key })
  expect((caught as ConfigError).message).toContain(key)
  expect((caught as ConfigError).message).not.toContain(value)
})

test('takes nothing from the environment that it does not know', () => {
  expect(Object.keys(envToConfig({ PATH: '/bin', VARCO_UNKNOWN: 'x' }))).not.toContain('PATH')
})
