import { Validator } from '@seriousme/openapi-schema-validator'
import { expect, test } from 'vitest'
import { gatehouse, type GatehouseOptions } from '../gatehouse.ts'

interface Described {
  readonly openapi: string
  readonly servers: readonly { readonly url: string }[]
  readonly paths: Readonly<Record<string, Readonly<Record<string, { readonly security?: unknown }>>>>
}

async function described(options: GatehouseOptions = {}): Promise<Described> {
  const gate = await gatehouse(options)
  return (await (await gate.app.request('/openapi.json')).json()) as Described
}

test('is valid OpenAPI 3.1', async () => {
  const document = await described({
    publicUrl: 'https://varco.example/gate',
    upstreams: {} as NonNullable<GatehouseOptions['upstreams']>,
  })
  expect(document.openapi).toBe('3.1.0')
  expect(document.servers).toEqual([{ url: 'https://varco.example/gate' }])
  expect(
    await new Validator().validate(JSON.parse(JSON.stringify(document)) as Record<string, unknown>),
  ).toEqual({ valid: true })
})

/** Where there is nothing but a refusal: other methods at addresses that are described. */
const REFUSING = /^ALL /

test('describes each route that is mounted, and no other', async () => {
  // Mounted, and never asked.
  const withGrants = {
    grants: {} as NonNullable<GatehouseOptions['grants']>,
    tickets: {} as NonNullable<GatehouseOptions['tickets']>,
    upstreams: {} as NonNullable<GatehouseOptions['upstreams']>,
    instructions: {} as NonNullable<GatehouseOptions['instructions']>,
    work: {} as NonNullable<GatehouseOptions['work']>,
  }
  const gate = await gatehouse(withGrants)
  const { paths } = await described(withGrants)
  expect(Object.keys(paths)).toContain('/grants/{id}/approve')
  expect(Object.keys(paths['/upstream/{name}/{rest}'] ?? {})).toEqual([...['get', 'patch', 'put', 'post']])
  const told = Object.entries(paths).flatMap(([path, methods]) =>
    Object.keys(methods).map(
      (method) => `${method.toUpperCase()} ${path.replace('{rest}', '*').replaceAll(/\{(\w+)\}/g, ':$1')}`,
    ),
  )
  const mounted = new Set(gate.app.routes.map(({ method, path }) => `${method} ${path}`))
  expect([...mounted].filter((route) => !REFUSING.test(route)).sort()).toEqual(told.sort())
})

test('says where a token is needed: everywhere but where nobody’s data is', async () => {
  const { paths } = await described()
  const open = Object.entries(paths).flatMap(([path, methods]) =>
    Object.values(methods).some(({ security }) => security === undefined) ? [path] : [],
  )
  expect(open.sort()).toEqual([
    '/.well-known/authzen-configuration',
    '/healthz',
    '/metrics',
    '/openapi.json',
    '/readyz',
  ])
})
