import { readFileSync, statSync, type Dirent } from 'node:fs'
import { readdir } from 'node:fs/promises'
import path from 'node:path'
import type * as z from 'zod'
import type { Bundle } from './bundle.ts'
import { tryCompile } from './compile-bundle.ts'
import { nearestName } from './nearest-name.ts'
import type { DocumentPath } from './problem-list.ts'
import { withoutFile, type BundleProblem, type DocumentProblem } from './problem.ts'
import { oversightFileSchema } from './oversight-schema.ts'
import {
  accessFileSchema,
  casesFileSchema,
  catalogueFileSchema,
  processorFileSchema,
  purposesFileSchema,
  retentionFileSchema,
  varcoFileSchema,
  type BundleDocument,
} from './schema.ts'
import { upstreamFileSchema } from './upstream-schema.ts'
import { schemaProblems } from './schema-problems.ts'
import { LARGEST_FILE, parseYaml, tooLarge, type YamlSource } from './yaml-source.ts'

export type LoadedBundle =
  | { readonly ok: true; readonly document: BundleDocument; readonly bundle: Bundle }
  | { readonly ok: false; readonly problems: readonly BundleProblem[] }

/** A file that passed its schema. */
interface Part<T> {
  readonly source: YamlSource
  readonly value: T
}

/** The files of a bundle's folder, by what they are. `many`: a folder of them. */
const LAYOUT = {
  varco: { file: 'varco.yaml', many: false, required: true },
  purposes: { file: 'purposes.yaml', many: false, required: true },
  catalogue: { file: 'catalogue', many: true, required: true },
  processors: { file: 'processors', many: true, required: false },
  upstreams: { file: 'upstreams', many: true, required: false },
  access: { file: 'access', many: true, required: true },
  retention: { file: 'retention', many: true, required: false },
  cases: { file: 'cases', many: true, required: false },
  oversight: { file: 'oversight.yaml', many: false, required: false },
} as const

/**
 * Reads a folder, checks every file and every reference between them, and compiles. Changes nothing.
 * @param folder such as `policies`
 */
export async function loadBundle(folder: string): Promise<LoadedBundle> {
  const listed = await listFiles(folder)
  if (listed === null)
    return {
      ok: false,
      problems: [
        missing('.', `the folder ${path.basename(folder)} cannot be read`, 'a folder with varco.yaml in it'),
      ],
    }
  const loader = new Loader(folder, listed)
  const varco = loader.read('varco', varcoFileSchema)
  const purposes = loader.read('purposes', purposesFileSchema)
  const catalogue = loader.read('catalogue', catalogueFileSchema)
  const processors = loader.read('processors', processorFileSchema)
  const upstreams = loader.read('upstreams', upstreamFileSchema)
  const access = loader.read('access', accessFileSchema)
  const retention = loader.read('retention', retentionFileSchema)
  const cases = loader.read('cases', casesFileSchema)
  const [oversightFile] = loader.read('oversight', oversightFileSchema)
  loader.checkStrays()
  const [varcoFile] = varco
  const [purposesFile] = purposes
  if (loader.problems.length > 0 || varcoFile === undefined || purposesFile === undefined)
    return { ok: false, problems: loader.problems }
  const document: BundleDocument = {
    varco: varcoFile.value,
    catalogue: catalogue.map(({ value }) => value),
    purposes: purposesFile.value.purposes,
    processors: processors.map(({ value }) => value),
    access: access.flatMap(({ value }) => value.rules),
    retention: retention.flatMap(({ value }) => value.rules),
    cases: cases.flatMap(({ value }) => value.cases),
    ...(oversightFile === undefined ? {} : { oversight: oversightFile.value }),
    ...(upstreams.length === 0 ? {} : { upstreams: upstreams.map(({ value }) => value) }),
  }
  const compiled = tryCompile(document)
  if (compiled.bundle !== null) return { ok: true, document, bundle: compiled.bundle }
  const locate = locator({
    varco: varcoFile.source,
    purposes: purposesFile.source,
    catalogue: catalogue.map(({ source }) => ({ source, at: [] })),
    processors: processors.map(({ source }) => ({ source, at: [] })),
    upstreams: upstreams.map(({ source }) => ({ source, at: [] })),
    access: items(access, 'rules'),
    retention: items(retention, 'rules'),
    cases: items(cases, 'cases'),
    oversight: oversightFile?.source,
  })
  return { ok: false, problems: compiled.problems.map(locate) }
}

class Loader {
  readonly problems: BundleProblem[] = []
  readonly #folder: string
  readonly #files: readonly string[]
  readonly #others: readonly string[]
  readonly #read = new Set<string>()

  constructor(folder: string, { files, others }: Listed) {
    this.#folder = folder
    this.#files = files
    this.#others = others
  }

  read<S extends z.ZodType>(name: keyof typeof LAYOUT, schema: S): readonly Part<z.infer<S>>[] {
    const { file, many, required } = LAYOUT[name]
    const wanted = this.#files.filter((each) =>
      many ? each.startsWith(`${file}/`) && each.endsWith('.yaml') && !each.includes('/.') : each === file,
    )
    if (wanted.length === 0 && required)
      this.problems.push(
        missing(file, `${file} is missing`, many ? `at least one file ${file}/*.yaml` : `the file ${file}`),
      )
    const parts: Part<z.infer<S>>[] = []
    for (const each of wanted) {
      this.#read.add(each)
      const part = this.#part(each, schema)
      if (part !== null) parts.push(part)
    }
    return parts
  }

  #part<S extends z.ZodType>(file: string, schema: S): Part<z.infer<S>> | null {
    const text = readText(this.#folder, file)
    const parsed = typeof text === 'string' ? parseYaml(file, text) : { source: null, problem: text }
    if (parsed.source === null) {
      this.problems.push(parsed.problem)
      return null
    }
    const { source, value } = parsed
    const result = schema.safeParse(value)
    if (result.success) return { source, value: result.data }
    this.problems.push(
      ...schemaProblems(schema, value, result.error).map(({ path: at, onKey, ...problem }) =>
        source.locate(at, problem, onKey),
      ),
    )
    return null
  }

  /** A file in the folder that nobody reads is a rule somebody believes in. */
  checkStrays(): void {
    const known = Object.values(LAYOUT).map(({ file, many }) => (many ? `${file}/` : file))
    for (const file of this.#others)
      this.problems.push(missing(file, 'links and devices are not read', 'the file itself'))
    for (const file of this.#files.filter((each) => !this.#read.has(each) && mayBeBelieved(each))) {
      const message = 'no part of a bundle is read from this file'
      const isNamedWrong = known.includes(`${file.split('/')[0]}/`)
      const suggestion = nearestName(file.includes('/') ? `${file.split('/')[0]}/` : file, known)
      this.problems.push(
        isNamedWrong
          ? missing(file, message, 'a name that ends in .yaml, or .md for what explains it')
          : { ...missing(file, message, `one of ${known.join(', ')}`), suggestion },
      )
    }
  }
}

/** A file of a folder whose files are read, but for what explains it; elsewhere one that looks like YAML, whatever its name is made of. */
function mayBeBelieved(file: string): boolean {
  const [top = '', ...rest] = file.split('/')
  const isPart = rest.length > 0 && Object.values(LAYOUT).some((part) => part.many && part.file === top)
  if (isPart) return !/\.(?:md|txt)$/i.test(file)
  const ending = file.normalize('NFKC').split('.').at(-1) ?? ''
  return /[^ -~]/.test(ending) || /^ya?ml\W*$/i.test(ending) || /\.ya?ml\W*$/i.test(file)
}

const UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** Not awaited: a thousand small files, one company each, take ten times as long that way. */
function readText(folder: string, file: string): string | BundleProblem {
  const place = path.join(folder, file)
  try {
    if (statSync(place).size > LARGEST_FILE) return tooLarge(file)
    return UTF8.decode(readFileSync(place))
  } catch (error) {
    // Read as something else, an accented word is another word, and a rule about it never holds.
    if (error instanceof TypeError) return missing(file, 'the file is not UTF-8', 'a text in UTF-8')
    return missing(file, 'the file cannot be read', 'a file that may be read')
  }
}

function missing(file: string, message: string, expected: string): BundleProblem {
  return { file, line: 1, column: 1, message, expected, suggestion: null }
}

interface Listed {
  readonly files: readonly string[]
  /** What is neither a file nor a folder: what a link leads to may be another tomorrow. */
  readonly others: readonly string[]
}

/** Hidden folders, and hidden files but YAML in a folder of the bundle: whoever sees it in a list of changes takes it for a part. */
function isHidden(file: string): boolean {
  const steps = file.split('/')
  if (steps.slice(0, -1).some((step) => step.startsWith('.'))) return true
  const name = steps.at(-1) ?? ''
  // But for `.#rules.yaml`, which an editor leaves there while somebody writes.
  return name.startsWith('.') && (steps.length === 1 || !/^\.(?!#).*\.ya?ml$/i.test(name))
}

/** Relative paths with `/`, sorted, what is hidden left out; `null` when the folder cannot be read. */
async function listFiles(folder: string): Promise<Listed | null> {
  try {
    const entries = await readdir(folder, { recursive: true, withFileTypes: true })
    const paths = (wanted: readonly Dirent[]): readonly string[] =>
      wanted
        .map((entry) =>
          path.relative(folder, path.join(entry.parentPath, entry.name)).split(path.sep).join('/'),
        )
        .filter((file) => !isHidden(file))
        .sort()
    return {
      files: paths(entries.filter((entry) => entry.isFile())),
      others: paths(entries.filter((entry) => !entry.isFile() && !entry.isDirectory())),
    }
  } catch {
    return null
  }
}

interface Place {
  readonly source: YamlSource
  readonly at: DocumentPath
}

function items<T>(parts: readonly Part<T>[], key: keyof T & string): readonly Place[] {
  return parts.flatMap(({ source, value }) =>
    (value[key] as readonly unknown[]).map((_, index) => ({ source, at: [key, index] })),
  )
}

/** Turns places of the whole document back into places of files. */
function locator(
  sources: {
    readonly varco: YamlSource
    readonly purposes: YamlSource
    readonly oversight: YamlSource | undefined
  } & Readonly<
    Record<'catalogue' | 'processors' | 'upstreams' | 'access' | 'retention' | 'cases', readonly Place[]>
  >,
): (problem: DocumentProblem) => BundleProblem {
  return (problem) => {
    const [top, index, ...rest] = problem.path
    const said = { message: problem.message, expected: problem.expected, suggestion: problem.suggestion }
    switch (top) {
      case 'varco':
        return sources.varco.locate(problem.path.slice(1), said)
      case 'purposes':
        return sources.purposes.locate(problem.path, said)
      case 'oversight':
        return sources.oversight?.locate(problem.path.slice(1), said) ?? withoutFile(problem)
      case 'catalogue':
      case 'processors':
      case 'upstreams':
      case 'access':
      case 'retention':
      case 'cases': {
        const place = sources[top][Number(index)]
        return place === undefined ? withoutFile(problem) : place.source.locate([...place.at, ...rest], said)
      }
      default:
        return withoutFile(problem)
    }
  }
}
