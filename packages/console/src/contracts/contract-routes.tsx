import type { EngagementStore } from '@varco/engagement'
import type { Contract } from '@varco/policy'
import type { ContractId } from '@varco/core'
import { Hono } from 'hono'
import { notFoundPage } from '../errors/refusals.tsx'
import { asHtml } from '../layout/document.tsx'
import { guard, type GuardedEnv } from '../visit/guard.ts'
import { ContractPage } from './contract-page.tsx'
import { contractStanding, STANDINGS } from './contract-standing.ts'
import { ContractsPage, type ContractWithState } from './contracts-page.tsx'

/** The contracts of the bundle in force, with their live state. */
export function contractRoutes({ engagement }: { readonly engagement: EngagementStore }): Hono<GuardedEnv> {
  const withState = async (contract: Contract): Promise<ContractWithState> => ({
    contract,
    state: await engagement.contractState(contract.id),
  })
  return new Hono<GuardedEnv>()
    .get('/contracts', guard('read-contracts'), async (c) => {
      const { visit } = c.var
      const contracts = await Promise.all([...visit.bundle.contracts.values()].map(withState))
      const rank = ({ contract, state }: ContractWithState): number =>
        STANDINGS.indexOf(contractStanding(contract, state, visit.now))
      const ordered = contracts.sort((a, b) => rank(a) - rank(b) || Number(b.contract.from - a.contract.from))
      return c.html(asHtml(<ContractsPage visit={visit} contracts={ordered} />))
    })

    .get('/contracts/:id', guard('read-contracts'), async (c) => {
      const { visit } = c.var
      const contract = visit.bundle.contracts.get(c.req.param('id') as ContractId)
      const processor = contract === undefined ? undefined : visit.bundle.processors.get(contract.processor)
      if (contract === undefined || processor === undefined) return c.html(notFoundPage(visit), 404)
      return c.html(
        asHtml(<ContractPage visit={visit} of={await withState(contract)} processor={processor} />),
      )
    })
}
