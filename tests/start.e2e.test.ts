import { spawn } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import { readFile, rename, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import path from 'node:path'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { scratchHome, type ScratchHome } from './support/sample-stack.ts'

const root = path.join(import.meta.dirname, '..')
const MAIN = path.join(root, 'packages/cli/dist/main.js')

let home: ScratchHome

beforeAll(async () => {
  home = await scratchHome()
})

afterAll(async () => {
  await home[Symbol.asyncDispose]()
})

/** The compiled command, in a process of its own, as a user runs it. */
async function varco(args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const child = spawn(process.execPath, [MAIN, ...args], {
    cwd: root,
    env: { PATH: process.env['PATH'], ...home.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const exited = new Promise<number | null>((resolve) => child.on('exit', resolve))
  const [stdout, stderr, exitCode] = await Promise.all([text(child.stdout), text(child.stderr), exited])
  return { exitCode, stdout, stderr }
}

describe('the sample body, whole, from nothing', () => {
  test('starts, plays the day, verifies, reports, and ends with 0 within the time promised', async () => {
    const started = performance.now()
    const { exitCode, stdout, stderr } = await varco(['demo', '--once', '--json'])
    expect(stderr).toBe('')
    expect(exitCode).toBe(0)
    expect(performance.now() - started).toBeLessThan(90_000)
    const summary = JSON.parse(stdout) as {
      day: {
        requests: number
        operators: number
        masked: number
        denied: number
        faults: number
        mismatches: number
        deniedByCode: Record<string, number>
      }
      grants: { approved: string; refused: string; problems: string[] }
      log: { verified: boolean; events: number; roots: unknown[] }
      reports: string[]
      alerts: readonly { rule: string; count: number }[]
      disposal: {
        rules: { rule: string; done: number; kept: number; upstream: { resource: string; done: number }[] }[]
        approvals: number
        files: string[]
      }
    }
    expect(summary.day).toMatchObject({ faults: 0, mismatches: 0 })
    expect(summary.day.requests).toBeGreaterThanOrEqual(2_000)
    expect(summary.day.operators).toBeGreaterThanOrEqual(30)
    expect(summary.day.masked).toBeGreaterThan(100)
    for (const code of [
      'outside-annex',
      'contract-ended',
      'no-assignment',
      'no-ticket',
      'no-purpose',
      'invalid-token',
    ]) {
      expect(summary.day.deniedByCode[code], code).toBeGreaterThan(0)
    }
    expect(summary.grants).toMatchObject({
      ...{ approved: expect.stringMatching(/^G-/), refused: expect.stringMatching(/^G-/), problems: [] },
    })
    expect(summary.log).toMatchObject({ verified: true })
    expect(summary.log.events).toBeGreaterThanOrEqual(summary.day.requests)
    // Of those who make out the payments one is on the list, one lives with somebody on it, one bears a name of it.
    expect(summary.alerts.map(({ rule }) => rule)).toEqual(
      expect.arrayContaining(['self', 'family', 'colleague']),
    )
    expect(summary.disposal.approvals).toBe(2)
    // In the order of the run; what the newsletter's service had of the contacts made at fairs went before them, over HTTP.
    expect(summary.disposal.rules).toMatchObject([
      { rule: 'fair-lead-erase', kept: 0, upstream: [{ resource: 'newsletter_subscriber' }] },
      { rule: 'visitor-erase', kept: 0, upstream: [] },
    ])
    for (const { rule, done, upstream } of summary.disposal.rules)
      for (const went of [done, ...upstream.map((each) => each.done)]) expect(went, rule).toBeGreaterThan(20)
    const certificates = readdirSync(path.join(home.dir, 'home', 'certificates'))
    expect(certificates.map((file) => path.extname(file)).sort()).toEqual(['.jws', '.pdf'])
    const reports = readdirSync(path.join(home.dir, 'home', 'reports'))
    expect(reports.map((file) => path.extname(file)).sort()).toEqual([
      '.csv',
      '.html',
      '.json',
      '.jws',
      '.pdf',
    ])
  })

  test('the second start reuses what is there and takes seconds', async () => {
    const started = performance.now()
    const { exitCode, stdout, stderr } = await varco(['demo', '--once'])
    expect(exitCode, `${stdout}${stderr}`).toBe(0)
    expect(performance.now() - started).toBeLessThan(20_000)
    expect(stdout).toMatch(/entries, verified/)
    expect(stdout).toMatch(/every answer is the one the policy intends/)
  })

  test('the commands work on what it left', async () => {
    const verified = await varco(['log', 'verify', '--json'])
    expect(verified.exitCode).toBe(0)
    expect(JSON.parse(verified.stdout)).toMatchObject({ ok: true, findings: [] })
    const report = await varco([
      'report',
      'subject',
      'PRD-NOBODY',
      '--by',
      'DPO-1',
      '--locale',
      'en',
      '--json',
    ])
    expect(report.exitCode).toBe(0)
    const written = JSON.parse(report.stdout) as { json: string; html: string; pdf: string; found: number }
    expect(written.found).toBe(0)
    expect((await readFile(written.pdf)).subarray(0, 5).toString()).toBe('%PDF-')
  })

  test('a port in use is a clear sentence', async () => {
    const taken = createServer().listen(0, '127.0.0.1')
    await new Promise((resolve) => taken.once('listening', resolve))
    const address = taken.address()
    const port = typeof address === 'object' && address !== null ? String(address.port) : ''
    const { exitCode, stderr } = await varco(['demo', '--once'], { VARCO_PROXY_PORT: port })
    taken.close()
    expect(exitCode).toBeGreaterThan(0)
    expect(stderr).toMatch(new RegExp(`varco: port ${port} .*in use`))
    expect(stderr).not.toMatch(/ {4}at /)
  })

  test('a lost key is said, never replaced', async () => {
    const key = path.join(home.dir, 'home', 'keys', 'log-signing.key')
    await rename(key, `${key}.lost`)
    const { exitCode, stderr } = await varco(['demo', '--once'])
    expect(exitCode).toBeGreaterThan(0)
    expect(stderr).toMatch(/log-signing\.key is missing/)
    expect(existsSync(key)).toBe(false)
    await rename(`${key}.lost`, key)
  })

  test('a damaged database folder is said, and nothing is wiped', async () => {
    const data = path.join(home.dir, 'home', 'postgres', 'data')
    const before = readdirSync(data).length
    await rename(path.join(data, 'PG_VERSION'), path.join(home.dir, 'PG_VERSION'))
    const { exitCode, stderr } = await varco(['demo', '--once'])
    expect(exitCode).toBe(1)
    expect(stderr).toMatch(/incomplete; nothing was deleted/)
    expect(readdirSync(data)).toHaveLength(before - 1)
    await rename(path.join(home.dir, 'PG_VERSION'), path.join(data, 'PG_VERSION'))
  })

  test('a bundle with a mistake does not start the first time, and does not disturb a running one', async () => {
    const broken = path.join(home.dir, 'broken')
    const fresh = await varco(['demo', '--once'], {
      VARCO_HOME: path.join(home.dir, 'other'),
      VARCO_POLICIES: broken,
    })
    expect(fresh.exitCode).toBe(1)
    const running = await varco(['demo', '--once'], { VARCO_POLICIES: broken })
    expect(running.exitCode).toBe(0)
    await rm(path.join(home.dir, 'other'), { recursive: true, force: true })
  })
})
