import * as z from 'zod'
import { nearestName } from './nearest-name.ts'
import { MOST_PROBLEMS, moreProblems, type DocumentPath } from './problem-list.ts'

/** What a schema found wrong, in words for the person who writes the file. */
export interface SchemaProblem {
  readonly path: DocumentPath
  readonly message: string
  readonly expected: string | null
  readonly suggestion: string | null
  /** The key is what is wrong, not its value. */
  readonly onKey: boolean
}

type Issue = z.core.$ZodIssue

/** As many as a `ProblemList` tells, and then how many more. */
export function schemaProblems(
  schema: z.core.$ZodType,
  value: unknown,
  error: z.core.$ZodError,
): readonly SchemaProblem[] {
  const issues = error.issues.flatMap(oneByOne)
  const told = issues.slice(0, MOST_PROBLEMS).flatMap((issue) => problemsOf(issue, [], schema, value))
  const beyond = issues[MOST_PROBLEMS]
  if (beyond === undefined) return told
  const path = beyond.path.map((step) => (typeof step === 'symbol' ? String(step) : step))
  const more = moreProblems(issues.length - MOST_PROBLEMS)
  return [...told, { path, message: more, expected: null, suggestion: null, onKey: false }]
}

/** Keys that nobody knows come as one issue. */
function oneByOne(issue: Issue): readonly Issue[] {
  return issue.code === 'unrecognized_keys' ? issue.keys.map((key) => ({ ...issue, keys: [key] })) : [issue]
}

function problemsOf(
  issue: Issue,
  base: DocumentPath,
  schema: z.core.$ZodType,
  root: unknown,
): readonly SchemaProblem[] {
  const path: DocumentPath = [
    ...base,
    ...issue.path.map((step) => (typeof step === 'symbol' ? String(step) : step)),
  ]
  const found = at(root, path)
  const problem = (
    message: string,
    expected: string | null = null,
    suggestion: string | null = null,
  ): readonly SchemaProblem[] => [{ path, message, expected, suggestion, onKey: false }]
  switch (issue.code) {
    case 'unrecognized_keys': {
      const known = keysAt(schema, path)
      return issue.keys.map((key) => ({
        path: [...path, key],
        message: `unknown key "${key}"`,
        expected: known.length === 0 ? null : `one of ${known.join(', ')}`,
        suggestion: nearestName(key, known),
        onKey: true,
      }))
    }
    case 'invalid_type':
      if (found === undefined)
        return problem(`missing "${String(path.at(-1) ?? 'content')}"`, article(issue.expected))
      return problem(`${describe(found)} is not ${article(issue.expected)}`, article(issue.expected))
    case 'invalid_value': {
      const values = issue.values.map(String)
      return problem(
        `${describe(found)} is not known here`,
        `one of ${values.join(', ')}`,
        typeof found === 'string' ? nearestName(found, values) : null,
      )
    }
    case 'invalid_union':
      return (
        bestBranch(issue.errors, path, schema, root) ??
        problem(`${describe(found)} has no form that is known here`)
      )
    case 'invalid_key':
      return [
        {
          path,
          message: `the key "${String(path.at(-1))}" ${issue.issues[0]?.message ?? 'is wrong'}`,
          expected: null,
          suggestion: null,
          onKey: true,
        },
      ]
    case 'too_small':
      return problem(
        found === '' || (Array.isArray(found) && found.length === 0)
          ? 'must not be empty'
          : (ownWords(issue.message) ?? 'too small'),
        `at least ${String(issue.minimum)}`,
      )
    case 'too_big':
      return problem(ownWords(issue.message) ?? 'too large', `at most ${String(issue.maximum)}`)
    case 'invalid_format':
      return problem(`${describe(found)} ${ownWords(issue.message) ?? `is not ${article(issue.format)}`}`)
    case 'invalid_element':
    case 'not_multiple_of':
    case 'custom':
      return problem(ownWords(issue.message) ?? 'is wrong')
  }
}

/** Of the forms a value may have, the one it came nearest to: it failed deepest, and with the fewest problems. */
function bestBranch(
  branches: readonly (readonly Issue[])[],
  path: DocumentPath,
  schema: z.core.$ZodType,
  root: unknown,
): readonly SchemaProblem[] | null {
  const candidates = branches.map((issues) =>
    issues.flatMap((issue) => problemsOf(issue, path, schema, root)),
  )
  const depth = (problems: readonly SchemaProblem[]): number =>
    Math.max(0, ...problems.map((problem) => problem.path.length))
  const [best] = candidates
    .filter((problems) => problems.length > 0)
    .toSorted((a, b) => depth(b) - depth(a) || a.length - b.length)
  if (best === undefined) return null
  if (
    candidates.some((other) => other !== best && depth(other) === depth(best) && other.length === best.length)
  ) {
    const expected = [
      ...new Set(candidates.flatMap((problems) => problems.flatMap((problem) => problem.expected ?? []))),
    ]
    return best.map((problem) => ({
      ...problem,
      expected: expected.length === 0 ? null : expected.join(' or '),
    }))
  }
  return best
}

/** Zod's own sentences start with a capital; ours say `must ...`. */
function ownWords(message: string): string | null {
  return /^[a-z]/.test(message) ? message : null
}

const ARTICLES: Readonly<Record<string, string>> = {
  string: 'a text (in quotes if it looks like something else)',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'keys with values',
  record: 'keys with values',
  date: 'a date such as 2026-03-29',
  datetime: 'an instant with its offset, such as 2026-03-29T03:30:00+02:00',
  email: 'an e-mail address',
  url: 'an address such as https://login.gse.example',
}

function article(expected: string): string {
  return ARTICLES[expected] ?? expected
}

function describe(value: unknown): string {
  if (value === null) return 'an empty value'
  if (Array.isArray(value)) return 'a list'
  if (typeof value === 'object') return 'a group of keys'
  const text = (typeof value === 'number' ? String(value) : JSON.stringify(value)) ?? 'nothing'
  return text.length > 60 ? `${text.slice(0, 57)}..."` : text
}

function at(root: unknown, path: DocumentPath): unknown {
  return path.reduce<unknown>(
    (value, step) =>
      typeof value === 'object' && value !== null && Object.hasOwn(value, step)
        ? (value as Record<string | number, unknown>)[step]
        : undefined,
    root,
  )
}

/** Every key the schema knows at a place of the value. */
function keysAt(schema: z.core.$ZodType, path: DocumentPath): readonly string[] {
  let here: readonly z.core.$ZodType[] = unwrapped(schema)
  for (const step of path) here = here.flatMap((each) => child(each, step)).flatMap(unwrapped)
  return [
    ...new Set(
      here.flatMap((each) => (each instanceof z.core.$ZodObject ? Object.keys(each._zod.def.shape) : [])),
    ),
  ]
}

function child(schema: z.core.$ZodType, step: string | number): readonly z.core.$ZodType[] {
  if (schema instanceof z.core.$ZodObject) {
    const { shape, catchall } = schema._zod.def
    const known = Object.hasOwn(shape, step) ? shape[step] : undefined
    return known === undefined ? (catchall === undefined ? [] : [catchall]) : [known]
  }
  if (schema instanceof z.core.$ZodArray) return [schema._zod.def.element]
  return schema instanceof z.core.$ZodRecord ? [schema._zod.def.valueType] : []
}

function unwrapped(schema: z.core.$ZodType): readonly z.core.$ZodType[] {
  if (schema instanceof z.core.$ZodOptional || schema instanceof z.core.$ZodDefault)
    return unwrapped(schema._zod.def.innerType)
  if (schema instanceof z.core.$ZodLazy) return unwrapped(schema._zod.def.getter())
  if (schema instanceof z.core.$ZodUnion) return schema._zod.def.options.flatMap(unwrapped)
  if (schema instanceof z.core.$ZodPipe) return unwrapped(schema._zod.def.in)
  return [schema]
}
