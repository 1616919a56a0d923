import type { ContractId } from '@varco/core'
import { monthAt, takeWorkToken, type Assignment, type WorkDesk } from '@varco/engagement'
import { Hono } from 'hono'
import * as z from 'zod'
import { sentForm } from '../act/confirmed.ts'
import { asHtml } from '../layout/document.tsx'
import type { ConsoleEnv, Visit } from '../visit/visit.ts'
import { signedIn } from './me-routes.tsx'
import { MeWorkPage } from './me-work-page.tsx'
import { meText } from './text.ts'

export interface MeWorkDeps {
  readonly work: WorkDesk
}

const askedSchema = z.looseObject({
  contract: z.string(),
  month: z.string(),
  blinded: z
    .base64url()
    .max(1_024)
    .transform((text) => Buffer.from(text, 'base64url')),
})

/**
 * A worker's own tokens for work off the system. Unlike the other pages of theirs, neither opening this one nor taking a
 * token is an event of the log: when it was done is nobody's business.
 */
export function meWorkRoutes({ work }: MeWorkDeps): Hono<ConsoleEnv> {
  return new Hono<ConsoleEnv>()
    .use('/me/work', signedIn)
    .use('/me/work/*', signedIn)

    .get('/me/work', (c) => {
      const { visit } = c.var
      const month = monthAt(visit.now, visit.bundle.document.varco.time_zone)
      const contracts = ownWork(visit).map(({ contract }) => contract)
      return c.html(asHtml(<MeWorkPage visit={visit} month={month} contracts={contracts} />))
    })

    .post('/me/work/token', async (c) => {
      const { visit } = c.var
      const asked = askedSchema.safeParse(sentForm(await c.req.parseBody()))
      if (!asked.success) return c.json({ message: meText[visit.locale].workFailed }, 400)
      const { contract, month, blinded } = asked.data
      // Under a contract that is not one's own there is nothing to take, as under none.
      const own = ownWork(visit).find((each) => each.contract === contract)
      const actor = own ?? { operator: NOBODY, contract: null }
      const taken = await takeWorkToken(work, visit, actor, { month, blinded })
      return taken.ok
        ? c.json({ blind_signature: taken.blindSignature.toString('base64url') })
        : c.json({ code: taken.code, message: taken.text[visit.locale] }, 409)
    })
}

const NOBODY = '' as Assignment['operator']

/** The assignments under contracts that the person's own identity provider vouches for, one for each contract. */
function ownWork({ viewer, bundle }: Visit): readonly (Assignment & { readonly contract: ContractId })[] {
  const processor = bundle.issuers.get(viewer?.session.issuer ?? '') ?? null
  const own = (viewer?.assignments ?? []).flatMap((assignment) => {
    const { contract } = assignment
    if (contract === null || processor === null) return []
    return bundle.contracts.get(contract)?.processor === processor ? [{ ...assignment, contract }] : []
  })
  return own.filter(({ contract }, i) => own.findIndex((each) => each.contract === contract) === i)
}
