import { createServer } from 'node:net'
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { PassThrough } from 'node:stream'
import { text } from 'node:stream/consumers'
import { runVarco } from '@varco/cli'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'

const POLICIES = path.join(import.meta.dirname, '../../../policies')

let dir: string

beforeEach(async () => {
  dir = await mkdtemp(path.join(tmpdir(), 'varco-cli-'))
})

afterEach(async () => {
  await rm(dir, { recursive: true, force: true })
})

async function varco(argv: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const out = new PassThrough()
  const err = new PassThrough()
  const said = Promise.all([text(out), text(err)])
  const exitCode = await runVarco(argv, {
    env: { VARCO_HOME: path.join(dir, 'home'), VARCO_LOG_LEVEL: 'silent', ...env },
    out,
    err,
    stop: new AbortController().signal,
  })
  out.end()
  err.end()
  const [stdout, stderr] = await said
  return { exitCode, stdout, stderr }
}

describe('usage', () => {
  test('--help alone lists the commands', async () => {
    const { exitCode, stdout } = await varco(['--help'])
    expect(exitCode).toBe(0)
    for (const command of ['demo', 'serve', 'migrate', 'policy', 'log', 'report', 'token'])
      expect(stdout).toContain(`  ${command}`)
  })

  test('each command that help lists is found by its name alone', async () => {
    const { stdout } = await varco(['--help'])
    const listed = [...(stdout.split('Commands:')[1] ?? '').matchAll(/^ {2}([a-z]+)/gm)].map(
      ([, name]) => name,
    )
    expect(listed).toEqual(expect.arrayContaining(['operator', 'ticket', 'retention', 'work', 'alerts']))
    for (const name of listed.filter((one) => one !== undefined && one !== 'help'))
      expect((await varco([name ?? '', '--help'])).stdout).toContain(`Usage: varco ${name ?? ''} `)
  })

  test.each([
    [['policy', 'check', '--help']],
    [['report', 'subject', '--help']],
    [['log', 'verify', '--help']],
    [['demo', '--help']],
  ])('%j helps, with an example, and exits 0', async (argv) => {
    const { exitCode, stdout } = await varco(argv)
    expect(exitCode).toBe(0)
    expect(stdout).toMatch(/Usage: varco/)
    expect(stdout).toMatch(/Example:\n {2}\$ /)
  })

  test.each([
    [[]],
    [['nonsense']],
    [['demo', '--twice']],
    [['serve', '--only', 'kitchen']],
    [['serve', '--workers', '0']],
    [['serve', '--workers', 'many']],
    [['serve', '--workers', '2', '--only', 'console']],
    [['report', 'subject']],
    [['token']],
  ])('%j is wrong usage: exit 2', async (argv) => {
    expect((await varco(argv)).exitCode).toBe(2)
  })

  test('a wrong setting is named, not repeated, and is wrong usage', async () => {
    const { exitCode, stderr } = await varco(['log', 'verify'], { DATABASE_URL: 'mysql://user:secret@db' })
    expect(exitCode).toBe(2)
    expect(stderr).toBe('varco: DATABASE_URL must be a postgres:// address\n')
  })
})

describe('policy check', () => {
  test('the sample bundle has no mistakes', async () => {
    const { exitCode, stdout } = await varco(['policy', 'check', POLICIES, '--json'])
    expect(exitCode).toBe(0)
    expect(JSON.parse(stdout)).toMatchObject({
      ok: true,
      version: expect.stringMatching(/^[0-9a-f]{64}$/) as unknown,
    })
  })

  test.each([
    [
      'an unknown key',
      'access/contact-centre.yaml',
      'effect: permit',
      'effect: permit\n    colour: blue',
      /contact-centre\.yaml:\d+:\d+.*colour/,
    ],
    [
      'a wrong type',
      'access/contact-centre.yaml',
      'effect: permit',
      'effect: 7',
      /contact-centre\.yaml:\d+:\d+/,
    ],
    [
      'an undeclared field',
      'access/contact-centre.yaml',
      '- number\n',
      '- numbr\n',
      /contact-centre\.yaml:\d+:\d+.*numbr.*did you mean number\?/,
    ],
    [
      'an undeclared purpose',
      'access/contact-centre.yaml',
      'purposes: [invoice-enquiry]',
      'purposes: [invoice-enqury]',
      /invoice-enqury.*did you mean invoice-enquiry\?/,
    ],
    [
      'an undeclared resource',
      'access/contact-centre.yaml',
      'resource: invoice\n',
      'resource: invoce\n',
      /invoce.*did you mean invoice\?/,
    ],
  ])('%s is said with file, line and the nearest name; exit 1', async (_what, file, find, put, said) => {
    const folder = path.join(dir, 'policies')
    await cp(POLICIES, folder, { recursive: true })
    const source = await readFile(path.join(folder, file), 'utf8')
    expect(source).toContain(find)
    await writeFile(path.join(folder, file), source.replace(find, put))
    const { exitCode, stdout } = await varco(['policy', 'check', folder])
    expect(exitCode).toBe(1)
    expect(stdout).toMatch(said)
  })

  test('a folder that is not there', async () => {
    expect((await varco(['policy', 'check', path.join(dir, 'none')])).exitCode).toBe(1)
  })
})

describe('without what it needs', () => {
  test('a database that does not answer is one sentence', async () => {
    const closed = createServer().listen(0, '127.0.0.1')
    await new Promise((resolve) => closed.once('listening', resolve))
    const address = closed.address()
    const port = typeof address === 'object' && address !== null ? address.port : 0
    await new Promise((resolve) => closed.close(resolve))
    const { exitCode, stderr } = await varco(['migrate', '--author', 'A', '--approver', 'B'], {
      DATABASE_URL: `postgres://varco:secret@127.0.0.1:${port}/varco`,
    })
    expect(exitCode).toBe(1)
    expect(stderr.trim().split('\n')).toHaveLength(1)
    expect(stderr).toMatch(/database cannot be reached/)
    expect(stderr).not.toContain('secret')
  })

  test('keys that are not there are named', async () => {
    const { exitCode, stderr } = await varco(['log', 'verify'], {
      DATABASE_URL: 'postgres://varco@127.0.0.1:1/varco',
    })
    expect(exitCode).toBe(2)
    expect(stderr).toMatch(/missing from the folder/)
  })

  test('one person cannot put a bundle in force alone', async () => {
    const { exitCode, stderr } = await varco(['migrate', '--author', 'A', '--approver', 'A'])
    expect(exitCode).toBe(2)
    expect(stderr).toMatch(/two different people/)
  })

  test('a token, when the sample body is not running', async () => {
    const { exitCode, stderr } = await varco(['token', 'dpo'], { VARCO_IDP_PORT: '1' })
    expect(exitCode).toBe(1)
    expect(stderr).toMatch(/not running/)
  })

  test('a token for nobody', async () => {
    expect((await varco(['token', 'nobody.at.all'])).exitCode).toBe(1)
  })
})
