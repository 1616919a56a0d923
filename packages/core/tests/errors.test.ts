import { faultFields, InvariantError, isId, UnavailableError, VarcoError } from '@varco/core'
import { expect, test } from 'vitest'

test('a fault carries its class name, stable code, fields and cause', () => {
  const cause = new Error('connect ECONNREFUSED')
  const fault = new UnavailableError('access log', { cause })
  expect(fault).toBeInstanceOf(VarcoError)
  expect(fault).toMatchObject({ name: 'UnavailableError', code: 'unavailable', service: 'access log', cause })
})

test('what goes to diagnostics never has the message, which may carry values', () => {
  const fields = faultFields(
    Object.assign(new Error('duplicate key (tax_code)=(RSSMRA80A01H501U)'), { code: '23505' }),
  )
  expect(fields).toEqual({ fault: 'Error', code: '23505' })
  expect(JSON.stringify(faultFields(new InvariantError('secret')))).not.toContain('secret')
  expect(faultFields('thrown text')).toEqual({ fault: 'string' })
})

test.each(['invoice', 'AUR-7F3K2', 'proxy-1.3.42', 'https://login.gse.example'])(
  '%s may be an id',
  (text) => {
    expect(isId(text)).toBe(true)
  },
)

test.each(['', ' a', 'a b', '-a', "a'b", 'a\n', 'è', 'a'.repeat(129)])('%j may not be an id', (text) => {
  expect(isId(text)).toBe(false)
})
