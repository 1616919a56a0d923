import { sampleStrangers } from './sample-strangers.ts'
import { sampleOperators } from '../sample/sample-operators.ts'
import type { DemoIssuer } from './identity-provider.ts'

/** The logins of the sample body and of its contractors, past ones included, each at a path of its own. */
export function sampleIssuers(): readonly DemoIssuer[] {
  const people = Map.groupBy([...sampleOperators(), ...sampleStrangers()], ({ issuer }) => issuer)
  return [...people].map(([issuer, ofIssuer]) => ({
    issuer,
    path: pathOf(issuer),
    people: ofIssuer.map(({ sub, username, password, name, does }) => ({
      ...{ sub, username, password, name },
      ...(does === undefined ? {} : { does }),
    })),
  }))
}

/** `gse` of `https://login.gse.example`. */
function pathOf(issuer: string): string {
  return new URL(issuer).hostname.split('.').at(-2) ?? 'login'
}
