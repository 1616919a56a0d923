import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { ConfigError, faultFields, silentDiagnostics, type Diagnostics } from '@varco/core'
import { DemoOnlyError } from './demo-only-error.ts'
import { listen } from '../listen.ts'
import { peopleOf, type DemoPerson } from './demo-person.ts'
import { createIssuerProvider } from './issuer-provider.ts'
import { handleLogin, type Login } from './login.ts'
import { loadSigningKeys } from './signing-keys.ts'

/** One company's login, or the body's own. */
export interface DemoIssuer {
  /** The `iss` of its tokens, under a name reserved for examples (RFC 2606), as in the bundle. */
  readonly issuer: string
  /** Where it is mounted: `gse` for `http://127.0.0.1:PORT/gse`. */
  readonly path: string
  readonly people: readonly DemoPerson[]
}

export interface IdentityProviderOptions {
  /** Whether this is the demo; it starts for nothing else. */
  readonly demo: boolean
  /** 0: any free port. */
  readonly port: number
  readonly host?: string
  readonly issuers: readonly DemoIssuer[]
  /** The proxy's audience. */
  readonly audience: string
  readonly consoleClientId?: string
  readonly consoleClientSecret: string
  readonly consoleRedirectUris: readonly string[]
  /** Folder for the signing keys, so that tokens and logins survive a restart; without it they do not. */
  readonly keysDir?: string
  readonly log?: Diagnostics
}

export interface IdentityProvider extends AsyncDisposable {
  readonly url: string
  /** Issuer to the base address where it is reached. */
  readonly addresses: Readonly<Record<string, string>>
}

interface Mounted {
  readonly login: Login
  readonly answer: (request: IncomingMessage, response: ServerResponse) => Promise<void>
}

/**
 * Starts the demo's OpenID providers, one per issuer, on one port.
 * @throws DemoOnlyError outside the demo, or for an issuer that could be real
 * @throws ConfigError when the port is taken or the keys cannot be read
 */
export async function startIdentityProvider(options: IdentityProviderOptions): Promise<IdentityProvider> {
  assertDemo(options)
  const { host = '127.0.0.1', log = silentDiagnostics } = options
  const mounted = new Map<string, Mounted>()
  for (const issuer of options.issuers) mounted.set(issuer.path, await mount(issuer, options, log))
  const server = createServer((request, response) => {
    dispatch(mounted, request, response).catch((error: unknown) => {
      log.error('the demo identity provider failed', faultFields(error))
      if (!response.headersSent) response.writeHead(500)
      response.end()
    })
  })
  const port = await listenForLogins(server, options.port, host)
  const url = `http://${host}:${port}`
  return {
    url,
    addresses: Object.fromEntries(options.issuers.map(({ issuer, path }) => [issuer, `${url}/${path}`])),
    [Symbol.asyncDispose]: async () => {
      const closed = new Promise<void>((resolve) => {
        server.close(() => {
          resolve()
        })
      })
      server.closeAllConnections()
      await closed
    },
  }
}

/** Everyone knows these passwords: never outside the demo, and never in the name of an issuer that could exist. */
function assertDemo(options: IdentityProviderOptions): void {
  if (!options.demo) {
    throw new DemoOnlyError(
      'the demo identity provider starts only in the demo; outside it, use the real identity providers of the body and its contractors',
    )
  }
  for (const { issuer, path } of options.issuers) {
    if (!/(^|\.)(example|test|invalid|localhost)$/.test(new URL(issuer).hostname)) {
      throw new DemoOnlyError(`the demo identity provider signs only for .example names, not for ${issuer}`)
    }
    if (!/^[a-z0-9-]+$/.test(path))
      throw new ConfigError(
        'path',
        `an issuer's path must be lower-case letters, digits and dashes, not ${path}`,
      )
  }
}

async function mount(
  issuer: DemoIssuer,
  options: IdentityProviderOptions,
  log: Diagnostics,
): Promise<Mounted> {
  const people = peopleOf(issuer.people)
  const origins = [...new Set(options.consoleRedirectUris.map((uri) => new URL(uri).origin))]
  const provider = createIssuerProvider({
    issuer: issuer.issuer,
    path: issuer.path,
    people,
    keys: await loadSigningKeys(issuer.path, options.keysDir),
    console: {
      id: options.consoleClientId ?? 'varco-console',
      secret: options.consoleClientSecret,
      redirectUris: options.consoleRedirectUris,
      origins,
    },
    audience: options.audience,
    log,
  })
  return { login: { provider, people, returnTo: origins }, answer: provider.callback() }
}

async function dispatch(
  mounted: ReadonlyMap<string, Mounted>,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const url = request.url ?? '/'
  const [, path = '', rest = '/'] = /^\/([a-z0-9-]+)(\/.*)?$/.exec(url) ?? []
  const issuer = mounted.get(path)
  if (issuer === undefined) {
    response.writeHead(404, { 'Content-Type': 'text/plain; charset=utf-8' })
    response.end('not found')
    return
  }
  const interaction = /^\/interaction\/[\w-]+/.exec(rest)
  if (interaction !== null && (request.method === 'GET' || request.method === 'POST')) {
    await handleLogin(issuer.login, `/${path}${interaction[0]}`, request, response)
    return
  }
  // As a router that mounts would do: the provider derives its own addresses from the difference.
  Object.assign(request, { originalUrl: url, url: rest })
  await issuer.answer(request, response)
}

function listenForLogins(server: Server, port: number, host: string): Promise<number> {
  return listen(server, port, host).catch((cause: Error & { code?: string }) => {
    const taken = cause.code === 'EADDRINUSE'
    throw new ConfigError(
      'VARCO_IDP_PORT',
      taken ? `port ${port} is in use; set VARCO_IDP_PORT to a free one` : `port ${port} cannot be used`,
      { cause },
    )
  })
}
