import type { Visit } from '../visit/visit.ts'
import type { ActResult } from './act-note.tsx'

/** What the page's address says was just done, in the page's own words: an address that says anything else is not believed. */
export function actDone({ url }: Pick<Visit, 'url'>, texts: Readonly<Record<string, string>>): ActResult {
  const done = url.searchParams.get('done') ?? ''
  const text = Object.hasOwn(texts, done) ? texts[done] : undefined
  return text === undefined ? null : { kind: 'done', text }
}

/** With which status a page is sent that tells what came of an act. */
export function statusAfter(result: ActResult): 200 | 400 {
  return result === null || result.kind === 'done' ? 200 : 400
}
