export { DemoOnlyError } from './identity-provider/demo-only-error.ts'
export type { DemoPerson } from './identity-provider/demo-person.ts'
export { startIdentityProvider } from './identity-provider/identity-provider.ts'
export type {
  DemoIssuer,
  IdentityProvider,
  IdentityProviderOptions,
} from './identity-provider/identity-provider.ts'
export { DemoLoginError, requestDemoToken } from './identity-provider/request-demo-token.ts'
export type { DemoToken } from './identity-provider/request-demo-token.ts'
export type { ContractCount, DaySummary } from './day/day-summary.ts'
export { grantTickets, playGrants } from './day/play-grants.ts'
export type { GrantsOfTheDay, PlayGrantsOptions } from './day/play-grants.ts'
export { playDay } from './day/play-day.ts'
export type { PlayDayOptions } from './day/play-day.ts'
export type { DayOperator, DayPlan, Expectation, PlannedRequest } from './day/planned-request.ts'
export { startNewsletterService } from './newsletter/newsletter-service.ts'
export type { NewsletterService, NewsletterServiceOptions } from './newsletter/newsletter-service.ts'
export { sampleSubscribers } from './newsletter/sample-subscribers.ts'
export type { Subscriber } from './newsletter/sample-subscribers.ts'
export { renderSummary } from './day/render-summary.ts'
export type {
  DisposedRule,
  LogVerdict,
  SampleDisposal,
  SummaryParts,
  SummaryStyle,
} from './day/render-summary.ts'
export { sampleIssuers } from './identity-provider/sample-issuers.ts'
export type { CastMember, CastTicket, DayCast } from './day/day-cast.ts'
export { planDay } from './day/plan-day.ts'
export type { PlanOptions } from './day/plan-day.ts'
export { sampleCast } from './day/sample-cast.ts'
export type { SampleCastOptions } from './day/sample-cast.ts'
export { createSampleBody } from './sample/create-sample-body.ts'
export type { SampleBodyOptions, SampleSummary } from './sample/create-sample-body.ts'
export { SAMPLE_CITIZEN, SAMPLE_PRODUCERS, SAMPLE_SEED } from './sample/sample-body.ts'
export { SampleBodyError } from './sample/sample-body-error.ts'
export { sampleCorrections } from './sample/sample-corrections.ts'
export type { SampleCorrection } from './sample/sample-corrections.ts'
export { sampleEngagement } from './sample/sample-engagement.ts'
export type { SampleEngagement, SampleEngagementOptions } from './sample/sample-engagement.ts'
export { sampleHomes } from './sample/sample-homes.ts'
export type { SampleHome } from './sample/sample-homes.ts'
export { sampleOperators } from './sample/sample-operators.ts'
export type { SampleOperator } from './sample/sample-operators.ts'
export { sampleTickets } from './sample/sample-tickets.ts'
