import type { Assignment } from '@varco/engagement'
import type { OpenConsole } from './open-console.ts'

/** Gives somebody other assignments, made of the first they have. */
export function reassign(
  { engagement }: OpenConsole,
  sub: string,
  made: (assignment: Assignment) => Assignment[],
): void {
  const [assignment] = engagement.people.get(sub) ?? []
  if (assignment === undefined) throw new Error(`${sub} has no assignment`)
  engagement.people.set(sub, made(assignment))
}
