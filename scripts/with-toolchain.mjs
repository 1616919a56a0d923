// Runs on the host's own Node (20 or newer) with nothing installed: brings in the pinned toolchain, then
// hands over to the pinned Node. Plain JavaScript, for an old Node does not read TypeScript.
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'

const PNPM = 'pnpm@12.21.0'
const root = path.resolve(import.meta.dirname ?? path.dirname(new URL(import.meta.url).pathname), '..')
const pinnedNode = path.join(root, 'node_modules', 'node', 'bin', 'node')
const stamp = path.join(root, 'node_modules', '.varco-installed')
const source = '--conditions=varco:source'

const commands = {
  start: (args) => build().then(() => pinned('packages/cli/dist/main.js', 'demo', ...args)),
  varco: (args) => build().then(() => pinned('packages/cli/dist/main.js', ...args)),
  build: () => build(),
  check: (args) => pinned('scripts/check.ts', ...args),
  test: (args) => pinned('scripts/test.ts', ...args),
  bench: (args) => build().then(() => pinned(source, 'scripts/bench.ts', ...args)),
  format: () => run(path.join(root, 'node_modules/.bin/oxfmt'), ['.']),
}

const [name, ...args] = process.argv.slice(2)
const command = commands[name ?? '']
if (command === undefined) {
  console.error(`usage: node scripts/with-toolchain.mjs ${Object.keys(commands).join('|')} [ARGS]`)
  process.exit(2)
}
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => forward(signal))

let child
let code = await install()
if (code === 0) code = await command(args)
process.exit(code)

/** Installs when the lockfile or a manifest changed since the last time. */
async function install() {
  const wanted = fingerprint()
  if (existsSync(pinnedNode) && existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return 0
  console.error('installing dependencies (first run: about a minute)')
  const installed = await run(
    'npx',
    ['-y', PNPM, 'install', '--frozen-lockfile', '--reporter=append-only', '--loglevel=error'],
    quietly,
  )
  if (installed !== 0) {
    console.error('the dependencies could not be installed; is the npm registry reachable?')
    return installed
  }
  mkdirSync(path.dirname(stamp), { recursive: true })
  writeFileSync(stamp, wanted)
  return 0
}

function fingerprint() {
  const packages = readdirSync(path.join(root, 'packages')).map((dir) =>
    path.join('packages', dir, 'package.json'),
  )
  const hash = createHash('sha256').update(process.arch)
  for (const file of ['pnpm-lock.yaml', 'pnpm-workspace.yaml', 'package.json', ...packages]) {
    const full = path.join(root, file)
    if (existsSync(full)) hash.update(file).update(readFileSync(full))
  }
  return hash.digest('hex')
}

/** Compiles what the command runs of, where it changed; a second or two when nothing did. */
async function build() {
  const built = await pinned('node_modules/typescript/bin/tsc', '-b', 'packages/cli')
  if (built !== 0) process.exit(built)
  return built
}

function pinned(...argv) {
  return run(pinnedNode, argv)
}

function run(file, argv, prepare = (options) => options) {
  return new Promise((resolve) => {
    const options = prepare({ cwd: root, stdio: 'inherit', env: process.env })
    child = spawn(file, argv, options)
    child.on('error', (error) => {
      console.error(`cannot run ${path.basename(file)}: ${error.code}`)
      resolve(1)
    })
    child.on('exit', (status, signal) => resolve(status ?? (signal === 'SIGINT' ? 130 : 143)))
  })
}

/** pnpm's talk goes to standard error, so that `--json` output stays clean. */
function quietly(options) {
  return { ...options, stdio: ['ignore', 2, 2] }
}

/** The terminal sends Ctrl-C to the whole group; other senders signal only this process. */
function forward(signal) {
  if (signal !== 'SIGINT' || !process.stdin.isTTY) child?.kill(signal)
}
