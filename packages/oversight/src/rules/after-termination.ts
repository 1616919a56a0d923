import type { Fact } from '../alerts/fact.ts'
import type { AccessRule } from './access-case.ts'

/** Somebody whose contract or assignment is over still comes: one record shown is enough, refusals are counted. */
export const afterTermination: AccessRule = (access) => {
  const { event, worker, around } = access
  const facts: Fact[] = []
  if (event.contract !== null) {
    const byDates = around.setup.contractEnds.get(event.contract) ?? Infinity
    const ended = Math.min(byDates, around.endedContracts.get(event.contract) ?? Infinity)
    if (event.at >= ended) facts.push({ code: 'contract-ended', at: ended })
  }
  if (worker?.to != null && event.at >= worker.to) facts.push({ code: 'assignment-ended', at: worker.to })
  if (facts.length === 0) return null
  return access.showed ? { facts, atOnce: true } : { facts }
}
