// `npm run bench -- NAME [ARGS]`: runs tests/bench/NAME.ts; its last printed line is one JSON object.
import { existsSync, readdirSync } from 'node:fs'
import path from 'node:path'
import { pathToFileURL } from 'node:url'

const folder = path.join(import.meta.dirname, '..', 'tests', 'bench')
const [name = '', ...args] = process.argv.slice(2)
const file = path.join(folder, `${name}.ts`)

if (!/^[a-z-]+$/.test(name) || !existsSync(file)) {
  const known = existsSync(folder)
    ? readdirSync(folder).flatMap((entry) => /^([a-z-]+)\.ts$/.exec(entry)?.[1] ?? [])
    : []
  console.error(`usage: npm run bench -- NAME, with NAME one of: ${known.join(', ')}`)
  process.exit(2)
}
const bench = (await import(pathToFileURL(file).href)) as {
  default: (args: readonly string[]) => Promise<unknown>
}
const result = await bench.default(args)
console.log(JSON.stringify(result))
