import * as z from 'zod'
import { ConfigError } from './errors.ts'

/** Every setting of Varco, as text from the environment; the command alone reads the environment. */
export const envSchema = z.object({
  /** Varco's own state and access log. */
  DATABASE_URL: z
    .string()
    .regex(/^postgres(ql)?:\/\//, 'must be a postgres:// address')
    .optional(),
  /** The body's personal records; the same database when absent. */
  VARCO_RECORDS_URL: z
    .string()
    .regex(/^postgres(ql)?:\/\//, 'must be a postgres:// address')
    .optional(),
  /** Where the embedded server, keys and reports live when no DATABASE_URL is given. */
  VARCO_HOME: z.string().min(1).default('.varco'),
  VARCO_KEYS: z.string().min(1).optional(),
  /** File outside the database that remembers the log's checkpoints; best on another machine. */
  VARCO_ANCHOR: z.string().min(1).optional(),
  /** Submission address of a witness (C2SP tlog-witness) that cosigns the log's checkpoints. */
  VARCO_WITNESS_URL: z.url().optional(),
  /** Its verifier key for cosignatures: `name+hash+key`. */
  VARCO_WITNESS_KEY: z.string().min(1).optional(),
  VARCO_POLICIES: z.string().min(1).default('policies'),
  VARCO_HOST: z.string().min(1).default('127.0.0.1'),
  VARCO_PROXY_PORT: z.coerce.number().int().min(0).max(65_535).default(4400),
  VARCO_CONSOLE_PORT: z.coerce.number().int().min(0).max(65_535).default(4401),
  /** Demo identity provider. */
  VARCO_IDP_PORT: z.coerce.number().int().min(0).max(65_535).default(4402),
  /** Where an issuer is reached when not at its own address: `https://a=http://127.0.0.1:1/a,https://b=...`. */
  VARCO_ISSUER_ADDRESSES: z.string().default(''),
  /** JSON file with where upstreams are reached and the gate's own credentials there: `{"crm":{"base":…,"authorization":…}}`. */
  VARCO_UPSTREAMS: z.string().min(1).optional(),
  /** Audience the proxy's tokens must name. */
  VARCO_AUDIENCE: z.string().min(1).default('https://varco.example/proxy'),
  /** Address under which callers reach the proxy: what proofs of possession (DPoP) must name. */
  VARCO_PROXY_URL: z.url().optional(),
  /** Servers in front of the proxy whose `Client-Cert` header is believed: addresses or subnets, commas between. */
  VARCO_TRUSTED_FRONTS: z.string().default(''),
  /** Address under which people reach the console; its OIDC redirect starts with it. */
  VARCO_CONSOLE_URL: z.url().optional(),
  VARCO_CONSOLE_CLIENT_ID: z.string().min(1).default('varco-console'),
  VARCO_CONSOLE_CLIENT_SECRET: z.string().min(16).optional(),
  /** Name of this process in the access log; two processes never share one. */
  VARCO_WRITER: z
    .string()
    .regex(/^[a-z0-9][a-z0-9-]{0,40}$/, 'must be lower-case letters, digits and dashes')
    .default('proxy-1'),
  /** Name of the log, the first line of each checkpoint. */
  VARCO_LOG_ORIGIN: z
    .string()
    .regex(/^[a-z0-9.-]+(\/[a-z0-9.-]+)*$/, 'must look like gse.example/varco')
    .default('gse.example/varco'),
  /** Mail server through which units are told of grants: `smtps://user:password@mail.example`. */
  VARCO_SMTP_URL: z
    .string()
    .regex(/^smtps?:\/\//, 'must be an smtp:// or smtps:// address')
    .optional(),
  VARCO_MAIL_FROM: z.email().default('varco@localhost.localdomain'),
  /** Address that is told of grants instead, or too, in JSON. */
  VARCO_NOTICE_WEBHOOK: z.url().optional(),
  VARCO_LOG_LEVEL: z.enum(['debug', 'info', 'warn', 'error', 'silent']).default('info'),
})

export type Config = Readonly<z.infer<typeof envSchema>>

/**
 * Checks the settings and fills in the defaults.
 * @throws ConfigError naming the first setting that is wrong, never its value
 */
export function envToConfig(env: Readonly<Record<string, string | undefined>>): Config {
  const known = Object.fromEntries(
    Object.keys(envSchema.shape).map((key) => [key, env[key] === '' ? undefined : env[key]]),
  )
  const result = envSchema.safeParse(known)
  if (result.success) return result.data
  const issue = result.error.issues[0]
  const key = String(issue?.path[0] ?? 'environment')
  throw new ConfigError(key, `${key} ${issue?.message.toLowerCase() ?? 'is wrong'}`)
}
