import type { BundleDocument, CaseDocument } from '../bundle/schema.ts'
import { contentWithout, NOTHING, textOf } from './content.ts'
import type { StructuralChange } from './structural-changes.ts'

/**
 * Golden cases: whoever widens a rule takes away the case that would have told. A case that is gone, asks something else
 * or expects less is a guard that is gone; one that expects more to be kept back is not.
 */
export function caseChanges(before: BundleDocument, after: BundleDocument): readonly StructuralChange[] {
  const asked = Map.groupBy(after.cases, question)
  const others = new Set(before.cases.map(({ id }) => id))
  const matched = new Set<CaseDocument>()
  const gone = before.cases.flatMap((golden) => {
    // Two may ask the same: by name first, or else one that is not another's.
    const alike = asked.get(question(golden)) ?? []
    const now = alike.find(({ id }) => id === golden.id) ?? alike.find(({ id }) => !others.has(id))
    if (now === undefined) return [told(golden.id, golden.expect.decision, NOTHING, true)]
    matched.add(now)
    return [
      ...differs(`${golden.id}, id`, golden.id, now.id, false),
      ...differs(`${golden.id}, title`, golden.title, now.title, false),
      ...differs(`${golden.id}, expect`, golden.expect, now.expect, expectsLess(golden.expect, now.expect)),
    ]
  })
  const added = after.cases.filter((golden) => !matched.has(golden))
  return [...gone, ...added.map(({ expect, id }) => told(id, NOTHING, expect.decision, false))]
}

type Expectation = CaseDocument['expect']

/** Whatever a case asks, whatever it is called. */
function question(golden: CaseDocument): string {
  return contentWithout(golden, 'id', 'title', 'expect')
}

function expectsLess(was: Expectation, is: Expectation): boolean {
  if (was.decision !== is.decision) return is.decision === 'permit'
  const shown = [...(was.plain ?? []), ...(was.masked ?? [])]
  return (
    isMore(was.plain, is.plain, was.plain ?? []) ||
    isMore(was.masked, is.masked, shown) ||
    isLess(was.hidden, is.hidden) ||
    isLess(was.reasons, is.reasons)
  )
}

type Names = readonly string[] | undefined

/** A complete list that is gone says nothing any more; one that is longer lets more through. */
function isMore(was: Names, is: Names, allowed: readonly string[]): boolean {
  return was !== undefined && (is === undefined || is.some((each) => !allowed.includes(each)))
}

/** Of a list of what must be there. */
function isLess(was: Names, is: Names): boolean {
  return (was ?? []).some((each) => is?.includes(each) !== true)
}

function differs(name: string, from: unknown, to: unknown, widens: boolean): readonly StructuralChange[] {
  const [was, is] = [textOf(from), textOf(to)]
  return was === is ? [] : [told(name, was, is, widens)]
}

function told(name: string, from: string, to: string, widens: boolean): StructuralChange {
  return { about: 'case', name, from, to, widens }
}
