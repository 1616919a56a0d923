import type { AccessLog } from '@varco/access-log'
import type { ContractId } from '@varco/core'
import type { DeclaredWorkCounts, PeopleDirectory } from '@varco/engagement'
import {
  friction,
  scopeDrift,
  ticketIntegrity,
  type OversightFigures,
  type TicketIntegrity,
} from '@varco/oversight'
import type { Contract } from '@varco/policy'
import { Hono, type Context } from 'hono'
import { notFoundPage } from '../errors/refusals.tsx'
import { asHtml } from '../layout/document.tsx'
import { recordReading } from '../log/log-reading.ts'
import { guard, type GuardedEnv } from '../visit/guard.ts'
import { DriftPage } from './drift-page.tsx'
import { FrictionPage } from './friction-page.tsx'
import { longWork } from './long-work.ts'
import { PeoplePage } from './people-page.tsx'
import { instantsOf, periodAsked } from './period.ts'
import { TicketsPage } from './tickets-page.tsx'

export interface WorkRoutesDeps {
  readonly people: PeopleDirectory
  readonly figures: OversightFigures
  readonly declared: DeclaredWorkCounts
  readonly log: AccessLog
}

type WorkContext = Context<GuardedEnv>

/** Who works under a contract, and what the work comes to: the contract's figures, never a person's. */
export function workRoutes({ people, figures, declared, log }: WorkRoutesDeps): Hono<GuardedEnv> {
  const tickets = longWork<TicketIntegrity>()
  return new Hono<GuardedEnv>()
    .get('/contracts/:id/people', guard('read-contracts'), async (c) => {
      const { visit, assignment } = c.var
      const contract = contractOf(c)
      if (contract === null) return c.html(notFoundPage(visit), 404)
      const { assignments } = await people.everyone()
      const ofContract = assignments
        .filter((each) => each.contract === contract.id)
        .toSorted((a, b) => (a.pseudonym < b.pseudonym ? -1 : 1))
      await recordReading(log, visit, {
        action: 'read',
        reader: assignment,
        detail: { page: 'contract-people', contract: contract.id, shown: ofContract.length },
      })
      return c.html(asHtml(<PeoplePage visit={visit} contract={contract} assignments={ofContract} />))
    })

    .get('/contracts/:id/drift', guard('read-contracts'), async (c) => {
      const { visit } = c.var
      const contract = contractOf(c)
      const period = periodAsked(visit)
      const drift =
        contract === null
          ? null
          : await scopeDrift(
              { figures, declared, bundle: visit.bundle },
              { contract: contract.id, ...period, now: visit.now },
            )
      if (contract === null || drift === null) return c.html(notFoundPage(visit), 404)
      return c.html(asHtml(<DriftPage {...{ visit, contract, period, drift }} />))
    })

    .get('/contracts/:id/tickets', guard('read-contracts'), async (c) => {
      const { visit } = c.var
      const contract = contractOf(c)
      if (contract === null) return c.html(notFoundPage(visit), 404)
      const period = periodAsked(visit)
      const { time_zone: timeZone } = visit.bundle.document.varco
      const key = [contract.id, period.from, period.to, visit.bundle.version].join('|')
      // Of a contract with a million tickets a year this takes seconds.
      const report = await tickets(key, visit.now, () =>
        ticketIntegrity(
          { figures, bundle: visit.bundle },
          { ...instantsOf(period, timeZone), now: visit.now, contracts: [contract.id, null] },
        ),
      )
      return c.html(asHtml(<TicketsPage {...{ visit, contract, period, report }} />))
    })

    .get('/contracts/:id/friction', guard('read-contracts'), async (c) => {
      const { visit } = c.var
      const contract = contractOf(c)
      const period = periodAsked(visit)
      const report =
        contract === null
          ? null
          : await friction(
              { figures, bundle: visit.bundle },
              { contract: contract.id, ...period, now: visit.now },
            )
      if (contract === null || report === null) return c.html(notFoundPage(visit), 404)
      return c.html(asHtml(<FrictionPage {...{ visit, contract, period, report }} />))
    })
}

function contractOf(c: WorkContext): Contract | null {
  return c.var.visit.bundle.contracts.get((c.req.param('id') ?? '') as ContractId) ?? null
}
