import { generateKeyPairSync } from 'node:crypto'
import { certificateSigner, verifyCertificate, type Certificate } from '@varco/retention'
import { expect, test } from 'vitest'

const certificate: Certificate = {
  type: 'varco-certificate-of-destruction',
  version: 1,
  controller: { id: 'gse', name: 'Gestore' },
  plan: {
    id: 'p1',
    hash: 'ab',
    day: '2026-11-25',
    policy_version: 'cd',
    planned_by: 'ADM-1',
    planned_at: '2026-11-25T09:00:00.000000Z',
  },
  approvals: [],
  started_at: '2026-11-25T10:00:00.000000Z',
  ended_at: '2026-11-25T11:00:00.000000Z',
  ended_early: null,
  rules: [],
  backups_end: '2026-12-30',
}

test('a certificate is checked offline, with the public key alone', async () => {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519')
  const { jws } = await certificateSigner(privateKey, 'log-1')(certificate)
  expect(await verifyCertificate(jws, publicKey)).toEqual(certificate)
})

test('another key’s, a changed one and an unsigned one are none', async () => {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519')
  const { jws } = await certificateSigner(privateKey, 'log-1')(certificate)
  const [header = '', payload = '', signature = ''] = jws.split('.')
  const more = Buffer.from(JSON.stringify({ ...certificate, backups_end: null })).toString('base64url')
  const none = Buffer.from('{"alg":"none"}').toString('base64url')
  expect(await verifyCertificate(`${header}.${more}.${signature}`, publicKey)).toBeNull()
  expect(await verifyCertificate(`${none}.${payload}.`, publicKey)).toBeNull()
  expect(await verifyCertificate(jws, generateKeyPairSync('ed25519').publicKey)).toBeNull()
  expect(await verifyCertificate('no certificate', publicKey)).toBeNull()
})
