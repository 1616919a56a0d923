import type { LiveShadow, ShadowQuestion } from '@varco/policy'
import type { Fetched } from './steps/fetch.ts'
import type { Reading } from './steps/plan-reading.ts'
import type { Visit } from './visit.ts'

/** What the bundle in force was asked during a visit, by its answers, for a candidate to be asked the same afterwards. */
export type AskedQuestions = Map<object, ShadowQuestion>

/** Keeps a question with the answer it got, while a candidate is set. */
export function noteQuestion({ gate, trail }: Visit, answer: object, question: ShadowQuestion): void {
  if (gate.shadow?.isOn === true) trail.questions.set(answer, question)
}

/** Has whatever candidate is set answer too, once the caller's own answer is settled; it changes nothing of that. */
export function besideCandidate(visit: Visit, pass: () => Promise<Response>): Promise<Response> {
  const { shadow } = visit.gate
  return shadow?.isOn === true ? askAfter(shadow, visit, pass()) : pass()
}

async function askAfter(
  shadow: LiveShadow,
  { bundle, trail }: Visit,
  answer: Promise<Response>,
): Promise<Response> {
  try {
    return await answer
  } finally {
    shadow.observe(bundle, [...trail.questions.values()])
  }
}

/** Records stay with the question they were fetched for. */
export function noteRecords(
  questions: AskedQuestions,
  { permit, embedded }: Reading,
  { records, embedded: inner }: Fetched,
): void {
  const asked = questions.get(permit)
  if (asked === undefined) return
  questions.set(permit, { ...asked, records })
  for (const [index, { reading }] of embedded.entries()) {
    const theirs = inner[index]
    if (theirs !== undefined) noteRecords(questions, reading, theirs)
  }
}
