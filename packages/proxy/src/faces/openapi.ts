import { OpenAPIHono, type RouteConfig } from '@hono/zod-openapi'
import type { Hono } from 'hono'
import { commonHeaders } from '../answer/common-headers.ts'
import { DESCRIBED_ROUTES } from '../openapi/described-routes.ts'
import type { Env, Face } from './face.ts'

/** The description of the routes that are mounted (OpenAPI 3.1); the last face, so that it knows them all. */
export const openapiFace: Face = (app, { gate }) => {
  let text: string | null = null
  app.get('/openapi.json', (c) => {
    text ??= JSON.stringify(describe(app, gate.publicUrl))
    return c.body(text, 200, { ...commonHeaders(c.get('requestId')), 'content-type': 'application/json' })
  })
}

function describe(app: Hono<Env>, publicUrl: string | null): object {
  const mounted = new Set(app.routes.map(({ method, path }) => `${method} ${path}`))
  const described = new OpenAPIHono()
  for (const route of DESCRIBED_ROUTES)
    if (mounted.has(routeName(route))) described.openAPIRegistry.registerPath(route)
  described.openAPIRegistry.registerComponent('securitySchemes', 'token', {
    type: 'http',
    scheme: 'bearer',
    bearerFormat: 'JWT',
    description:
      'of an issuer that the bundle names; with a DPoP proof where it is bound to a key (RFC 9449)',
  })
  return described.getOpenAPI31Document({
    openapi: '3.1.0',
    info: {
      title: 'Varco',
      version: '1',
      description:
        'The gate in front of a body’s personal records: each access is decided, masked and recorded.',
    },
    servers: [{ url: publicUrl ?? '/' }],
  })
}

/** As the framework names a mounted route; `{rest}` is a path of any length, for which OpenAPI has no word. */
function routeName({ method, path }: RouteConfig): string {
  return `${method.toUpperCase()} ${path.replace('{rest}', '*').replaceAll(/\{(\w+)\}/g, ':$1')}`
}
