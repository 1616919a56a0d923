import { Hono } from 'hono'
import { expect, test } from 'vitest'
import { networkOf } from '../../src/verify/network-of.ts'

const app = new Hono().get('/', (c) => c.text(networkOf(c)))
const network = async (remoteAddress: string | undefined) => {
  const headers = { 'x-forwarded-for': '203.0.113.9', forwarded: 'for=203.0.113.9' }
  return (await app.request('/', { headers }, { incoming: { socket: { remoteAddress } } })).text()
}

test.each([
  ['192.0.2.1', '192.0.2.1'],
  ['::ffff:192.0.2.1', '192.0.2.1'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2'],
  ['2001:db8:1:2::1', '2001:db8:1:2'],
  ['2001:db8::1', '2001:db8:0:0'],
  ['2001:db8::5:6:7:8', '2001:db8:0:0'],
  ['fe80::1%eth0', 'fe80:0:0:0'],
  ['::1', '0:0:0:0'],
  ['64:ff9b::192.0.2.1', '64:ff9b:0:0'],
])('who comes from %s counts as %s, whatever headers say', async (address, expected) => {
  expect(await network(address)).toBe(expected)
})

test('all that have no address are one', async () => {
  expect([await network(undefined), await (await app.request('/')).text()]).toEqual(['none', 'none'])
})
