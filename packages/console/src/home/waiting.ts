import { isProposalOpen, overdueReviews, type ContractLifeStore, type GrantStore } from '@varco/engagement'
import type { AlertStore } from '@varco/oversight'
import { daysLeft, deadlineOf } from '@varco/reports'
import { coverageGaps, type CoverageGap } from '../log/coverage.ts'
import { openingsToDecide } from '../alerts/waiting-openings.ts'
import { SOON_DAYS } from '../requests/request-badge.tsx'
import type { RequestAccess } from '../requests/request-desk-access.ts'
import type { RetentionAccess } from '../retention/retention-access.ts'
import { isAnchorLate, isCheckLate, type LogStanding } from './log-health.ts'
import type { AccessLogReader, IdentityVault } from '@varco/access-log'
import type { Micros } from '@varco/core'
import type { Visit } from '../visit/visit.ts'

/** What waits for a person: how many of each, none left out because there are none. */
export interface Waiting {
  readonly openAlerts: number
  readonly overdueRequests: number
  /** Within a week. */
  readonly requestsDueSoon: number
  /** Plans that somebody must still agree to. */
  readonly plansToApprove: number
  /** Holds whose review is due. */
  readonly holdsToReview: number
  /** Other work of retention that is late. */
  readonly overdueRetention: number
  /** Emergency grants whose review is late. */
  readonly emergenciesToReview: number
  /** Steps of contracts' lives that wait for a second person. */
  readonly stepsToConfirm: number
  /** Openings of an identity that whoever looks may decide on as the second person. */
  readonly openingsToDecide: number
  /** Recipients still to be told of an erasure or restriction. */
  readonly noticesToSend: number
  /** Since the last sign that the log is being written; `null`: there was none. */
  readonly silentSince: Micros | null
  /** Of the last verification: it found something, or is too long ago; `null`: neither. */
  readonly logCheck: 'not-whole' | 'late' | null
  /** Anchors that lag or are in trouble. */
  readonly lateAnchors: number
  readonly gaps: readonly CoverageGap[]
}

export interface WaitingDeps {
  readonly reader: Pick<AccessLogReader, 'search'>
  readonly alerts: Pick<AlertStore, 'alertCounts'>
  readonly requests: RequestAccess
  readonly plansToApprove: () => Promise<number>
  readonly noticesToSend: () => Promise<number>
  readonly vault: Pick<IdentityVault, 'pending'>
  readonly overdue: RetentionAccess['overdue']
  readonly grants: Pick<GrantStore, 'grants'>
  readonly life: Pick<ContractLifeStore, 'proposal'>
}

/** How long without a heartbeat is a silence: they come twice a minute. */
const HEARTBEAT_LATE: Micros = 300_000_000n

/** Gathers it, at the time of the visit; `span` is the stretch whose gaps are told, `asked` how the log stands. */
export async function whatWaits(
  deps: WaitingDeps,
  visit: Pick<Visit, 'now' | 'bundle' | 'viewer'>,
  span: { readonly from: Micros; readonly to: Micros },
  asked: Promise<LogStanding>,
): Promise<Waiting> {
  const { reader, alerts, requests, grants, life } = deps
  const { now, bundle } = visit
  const [counts, open, plans, notices, overdue, reviews, proposals, openings, heartbeats, gaps, standing] =
    await Promise.all([
      alerts.alertCounts(),
      requests.store.open(),
      deps.plansToApprove(),
      deps.noticesToSend(),
      deps.overdue(),
      overdueReviews({ store: grants }, { now }),
      Promise.all([...bundle.contracts.keys()].map((id) => life.proposal(id))),
      openingsToDecide(deps.vault, visit),
      reader.search({ kind: 'heartbeat', limit: 1 }),
      coverageGaps(reader, span),
      asked,
    ])
  const left = open.flatMap((request) => {
    const deadline = deadlineOf(request, requests.calendar)
    return deadline === null ? [] : [daysLeft(deadline, now, requests.calendar.timeZone)]
  })
  const heard = heartbeats.events[0]?.at ?? null
  return {
    openAlerts: counts.open,
    overdueRequests: left.filter((days) => days < 0).length,
    requestsDueSoon: left.filter((days) => days >= 0 && days < SOON_DAYS).length,
    plansToApprove: plans,
    noticesToSend: notices,
    holdsToReview: overdue.filter(({ why }) => why === 'review').length,
    // Plans that nobody has agreed to are told already.
    overdueRetention: overdue.filter(({ why }) => why !== 'review' && why !== 'unapproved').length,
    emergenciesToReview: reviews.length,
    stepsToConfirm: proposals.filter((proposal) => proposal !== null && isProposalOpen(proposal, now)).length,
    openingsToDecide: openings,
    silentSince: heard !== null && now - heard > HEARTBEAT_LATE ? heard : null,
    logCheck: standing.check?.ok === false ? 'not-whole' : isCheckLate(standing, now) ? 'late' : null,
    lateAnchors: (standing.anchors ?? []).filter(isAnchorLate).length,
    gaps,
  }
}
