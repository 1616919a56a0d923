import { readmeExample } from '@varco/core/testing'
import { decodeJwt } from 'jose'
import { expect, test } from 'vitest'
// #region example
import { requestDemoToken, sampleIssuers, startIdentityProvider } from '@varco/demo'

// #endregion

test('the example of the README runs as printed', async () => {
  // #region example
  await using idp = await startIdentityProvider({
    demo: true,
    port: 0,
    issuers: sampleIssuers(),
    audience: 'https://varco.example/proxy',
    consoleClientSecret: 'only-for-the-demo',
    consoleRedirectUris: ['http://127.0.0.1:4401/login/callback'],
  })
  const address = idp.addresses['https://login.gse.example'] ?? ''
  const { accessToken } = await requestDemoToken(address, { username: 'dpo', password: 'varco-demo' })
  // #endregion
  expect(decodeJwt(accessToken)).toMatchObject({
    iss: 'https://login.gse.example',
    aud: 'https://varco.example/proxy',
  })
  const { printed, run } = await readmeExample(import.meta.filename)
  expect(printed).toBe(run)
})
