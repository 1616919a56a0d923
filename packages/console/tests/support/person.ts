import type { OpenConsole } from './open-console.ts'
import type { Visitor } from './visitor.ts'

export interface Person {
  readonly visitor: Visitor
  readonly csrf: string
}

/** Somebody of the body's staff, signed in; who has proved anew who they are unless it is said otherwise. */
export async function person(console: OpenConsole, sub: string, proved = true): Promise<Person> {
  console.provider.person = { sub, name: 'Qualcuno' }
  const visitor = console.visitor()
  await visitor.signIn('/me')
  if (proved) await visitor.proveAgain('/me')
  return { visitor, csrf: await visitor.csrf('/accessibility') }
}
