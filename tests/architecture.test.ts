import { existsSync, globSync, readFileSync, readdirSync } from 'node:fs'
import path from 'node:path'
import { parseSync } from 'oxc-parser'
import { describe, expect, test } from 'vitest'

const root = path.join(import.meta.dirname, '..')

/**
 * The house's plan: who may depend on whom. Domain packages know no database, no HTTP framework, no
 * environment and no wall clock; a new package or edge is added here first, on purpose.
 */
const MAY_USE: Readonly<Record<string, readonly string[]>> = {
  core: [],
  policy: ['core'],
  'access-log': ['core'],
  engagement: ['core', 'policy'],
  retention: ['core', 'policy', 'engagement', 'access-log'],
  oversight: ['core', 'policy', 'engagement', 'access-log'],
  reports: ['core', 'policy', 'engagement', 'access-log'],
  postgres: ['core', 'policy', 'engagement', 'access-log', 'oversight', 'retention', 'reports'],
  proxy: ['core', 'policy', 'engagement', 'access-log'],
  console: ['core', 'policy', 'engagement', 'access-log', 'oversight', 'retention', 'reports'],
  demo: ['core', 'policy', 'engagement', 'access-log', 'reports', 'postgres'],
  cli: [
    'core',
    'policy',
    'engagement',
    'access-log',
    'oversight',
    'retention',
    'reports',
    'postgres',
    'proxy',
    'console',
    'demo',
  ],
}
const DOMAIN = ['core', 'policy', 'access-log', 'engagement', 'oversight', 'retention', 'reports']
const NOT_IN_DOMAIN = [
  /^pg($|-|\/)/,
  /^hono($|\/)/,
  /^@hono\//,
  /^drizzle-orm\/node-postgres/,
  /^pino$/,
  /^node:(http|https|net)$/,
]
const CORE_ALONE_USES = ['zod', 'canonicalize']

interface Manifest {
  readonly dependencies?: Readonly<Record<string, string>>
  readonly devDependencies?: Readonly<Record<string, string>>
}

const packages = readdirSync(path.join(root, 'packages'))

function manifest(name: string): Manifest {
  return JSON.parse(readFileSync(path.join(root, 'packages', name, 'package.json'), 'utf8')) as Manifest
}

function sources(name: string): readonly string[] {
  return globSync(`packages/${name}/src/**/*.{ts,tsx}`, { cwd: root }).map((file) => path.join(root, file))
}

function withoutComments(file: string): string {
  return readFileSync(file, 'utf8')
    .replaceAll(/\/\*[\s\S]*?\*\//g, '')
    .replaceAll(/^\s*\/\/.*$/gm, '')
}

function imports(file: string): readonly string[] {
  const source = readFileSync(file, 'utf8')
  const { module } = parseSync(file, source)
  const dynamic = module.dynamicImports.flatMap(
    ({ moduleRequest: { start, end } }) => /^['"](.+)['"]$/.exec(source.slice(start, end))?.[1] ?? [],
  )
  const reexports = module.staticExports.flatMap(({ entries }) =>
    entries.flatMap(({ moduleRequest }) => moduleRequest?.value ?? []),
  )
  return [...module.staticImports.map(({ moduleRequest }) => moduleRequest.value), ...reexports, ...dynamic]
}

function varcoPackage(specifier: string): string | null {
  return /^@varco\/([a-z-]+)/.exec(specifier)?.[1] ?? null
}

test('every package stands in the plan, and has code and a README', () => {
  expect([...packages].sort()).toEqual(Object.keys(MAY_USE).sort())
  for (const name of packages) {
    expect(sources(name).length, name).toBeGreaterThan(1)
    expect(existsSync(path.join(root, 'packages', name, 'README.md')), `${name}/README.md`).toBe(true)
  }
})

test('the scan sees imports: it is not green because it reads nothing', () => {
  const all = packages.flatMap((name) => sources(name)).flatMap((file) => imports(file))
  expect(all.length).toBeGreaterThan(200)
  expect(all).toContain('@varco/core')
  expect(all).toContain('pg')
})

describe.each(packages)('%s', (name) => {
  const allowed = MAY_USE[name] ?? []

  test('declares only the packages it may use', () => {
    const declared = Object.keys(manifest(name).dependencies ?? {}).flatMap(
      (dependency) => varcoPackage(dependency) ?? [],
    )
    expect(declared.filter((other) => !allowed.includes(other))).toEqual([])
  })

  test('imports only what it declares, and other packages by their name', () => {
    const declared = Object.keys(manifest(name).dependencies ?? {})
    const wrong = sources(name).flatMap((file) =>
      imports(file)
        .filter((specifier) => {
          if (specifier.startsWith('node:') || specifier === `@varco/${name}`) return false
          if (specifier.startsWith('.'))
            return path
              .relative(path.join(root, 'packages', name, 'src'), path.resolve(path.dirname(file), specifier))
              .startsWith('..')
          // A testing entry is imported by tests; vitest is theirs.
          if (specifier === 'vitest' || specifier === 'fast-check')
            return !file.includes(`${path.sep}testing${path.sep}`)
          return !declared.some(
            (dependency) => specifier === dependency || specifier.startsWith(`${dependency}/`),
          )
        })
        .map((specifier) => `${path.relative(root, file)}: ${specifier}`),
    )
    expect(wrong).toEqual([])
  })

  test('has references in tsconfig for each package it uses', () => {
    const config = JSON.parse(readFileSync(path.join(root, 'packages', name, 'tsconfig.json'), 'utf8')) as {
      references: readonly { path: string }[]
    }
    const declared = Object.keys(manifest(name).dependencies ?? {}).flatMap(
      (dependency) => varcoPackage(dependency) ?? [],
    )
    expect(config.references.map((reference) => reference.path.replace('../', '')).sort()).toEqual(
      [...declared].sort(),
    )
  })

  test('relative imports end in .ts or .tsx and nothing is exported wholesale', () => {
    for (const file of sources(name)) {
      expect(
        imports(file).filter((specifier) => specifier.startsWith('.') && !/\.tsx?$/.test(specifier)),
        file,
      ).toEqual([])
      expect(withoutComments(file), file).not.toMatch(/export\s+\*/)
    }
  })
})

describe.each(DOMAIN)('domain package %s', (name) => {
  test('knows no database, no HTTP framework and no process logger', () => {
    const found = sources(name).flatMap((file) =>
      imports(file)
        .filter((specifier) => NOT_IN_DOMAIN.some((pattern) => pattern.test(specifier)))
        .map((specifier) => `${path.relative(root, file)}: ${specifier}`),
    )
    expect(found).toEqual([])
  })

  test('takes time and chance from outside', () => {
    const clocks = sources(name).filter(
      (file) =>
        !file.endsWith('system-clock.ts') &&
        /\bDate\.now\(|\bnew Date\(\)|\brandomUUID\(|\bTemporal\.Now\b|\bMath\.random\(/.test(
          withoutComments(file),
        ),
    )
    expect(clocks.map((file) => path.relative(root, file))).toEqual([])
  })
})

test('core stands on its two libraries alone', () => {
  expect(Object.keys(manifest('core').dependencies ?? {}).sort()).toEqual([...CORE_ALONE_USES].sort())
})

test('the environment is read in one place, the command', () => {
  const readers = packages
    .flatMap((name) => sources(name))
    .filter((file) => /\bprocess\.env\b/.test(withoutComments(file)))
    .map((file) => path.relative(root, file))
  expect(readers).toEqual(['packages/cli/src/read-env.ts'])
})

test('only postgres and the sample body speak to the database', () => {
  const speakers = packages.filter((name) =>
    sources(name).some((file) => imports(file).some((specifier) => /^pg($|-|\/)/.test(specifier))),
  )
  expect(speakers.filter((name) => !['postgres', 'demo'].includes(name))).toEqual([])
})

test('what was planted in the sample body’s past is known to benchmarks and tests alone', () => {
  const readers = packages
    .flatMap((name) => sources(name))
    .filter((file) => !file.includes(`${path.sep}demo${path.sep}src${path.sep}labels${path.sep}`))
    .filter((file) => imports(file).some((specifier) => /@varco\/demo\/labels|\/labels\//.test(specifier)))
    .map((file) => path.relative(root, file))
  expect(readers).toEqual([])
  // Nor does the watch, or what it stands on, know the generator at all.
  expect(MAY_USE['oversight']).not.toContain('demo')
  expect(MAY_USE['postgres']).not.toContain('demo')
  expect(
    sources('oversight').filter((file) => /planted|misbehaviour/i.test(readFileSync(file, 'utf8'))),
  ).toEqual([])
})

test('no file is a drawer for odds and ends', () => {
  const odd = packages
    .flatMap((name) => sources(name))
    .filter((file) => /\/(utils?|helpers?|common|misc)(\/|\.tsx?$)/.test(file))
  expect(odd).toEqual([])
})
