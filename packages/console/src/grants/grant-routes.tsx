import type { AccessLog } from '@varco/access-log'
import { may } from '../visit/may.ts'
import { actDone } from '../act/act-done.ts'
import { asId, isId, type GrantId, type Micros } from '@varco/core'
import {
  approveGrant,
  breakGlass,
  establishContext,
  mayDecide,
  refuseAskedGrant,
  requestGrant,
  reviewBrokenGlass,
  revokeGrant,
  type EngagementStore,
  type Grant,
  type GrantDesk,
  type GrantOutcome,
  type GrantQuery,
  type Occasion,
} from '@varco/engagement'
import { Hono, type Context, type MiddlewareHandler } from 'hono'
import type { FilledAct } from '../act/act.ts'
import type { ActResult } from '../act/act-note.tsx'
import { confirmPage } from '../act/confirm-page.tsx'
import { isConfirmed, sentForm, type SentForm } from '../act/confirmed.ts'
import { notFoundPage } from '../errors/refusals.tsx'
import { asHtml } from '../layout/document.tsx'
import { Empty } from '../layout/empty.tsx'
import { Page } from '../layout/page.tsx'
import { pageOf, readPlace } from '../log/place.ts'
import { recordReading } from '../log/log-reading.ts'
import { actorsOf, type ActingViewer } from '../visit/actors.ts'
import { guard, loginFor, type GuardedEnv } from '../visit/guard.ts'
import { assignmentFor } from '../visit/viewer.ts'
import type { ConsoleEnv, Visit } from '../visit/visit.ts'
import { AskPage } from './ask-page.tsx'
import { approval, emergency, refusal, review, revocation } from './grant-acts.ts'
import {
  approvalFormSchema,
  askFormSchema,
  problemsIn,
  reviewFormSchema,
  typedRequest,
} from './grant-forms.ts'
import { GrantPage, matterInWords } from './grant-page.tsx'
import { GRANTS_LISTED, GrantsPage } from './grants-page.tsx'
import { grantsText } from './text.ts'

/** Beyond this the number beside a list's name says no more than "many". */
const MOST_COUNTED = 200

export interface GrantRoutesDeps {
  readonly grants: Omit<GrantDesk, 'engagement'>
  readonly engagement: EngagementStore
  readonly log: AccessLog
}

type GrantContext = Context<GuardedEnv>
type Done = keyof (typeof grantsText)['it']['done']

/** Far enough ahead to find every emergency that nobody has reviewed. */
const EVER: Micros = 100n * 365n * 86_400_000_000n

/** Just-in-time access: asked for, decided by the unit that owns the records, taken in an emergency and reviewed. */
export function grantRoutes(deps: GrantRoutesDeps): Hono<GuardedEnv> {
  const { engagement } = deps
  const desk: GrantDesk = { ...deps.grants, engagement }
  const { store } = desk

  const ofGrant = async (c: GrantContext): Promise<Seen | null> => {
    const id = c.req.param('id') ?? ''
    const grant = isId(id) ? await store.grant(asId<GrantId>(id)) : null
    return grant === null ? null : seenBy(c.var.visit, grant, await actorsOf(c.var.visit, engagement))
  }

  /** The page, once its reading is recorded. */
  const show = async (c: GrantContext, seen: Seen, result: ActResult, status: 200 | 400 | 409 = 200) => {
    const { visit } = c.var
    await recordGrantReading(deps, visit, seen)
    return c.html(asHtml(<GrantPage visit={visit} result={result} {...seen} />), status)
  }

  const act = async (
    c: GrantContext,
    plan: (seen: Seen, form: SentForm) => Planned | Extract<ActResult, { kind: 'incomplete' }>,
    done: Done,
  ) => {
    const { visit } = c.var
    const form = sentForm(await c.req.parseBody())
    const seen = await ofGrant(c)
    if (seen === null) return c.html(notFoundPage(visit), 404)
    const planned = plan(seen, form)
    if ('kind' in planned) return show(c, seen, planned, 400)
    if (!isConfirmed(form)) {
      await recordGrantReading(deps, visit, seen)
      return c.html(confirmPage(visit, planned.act))
    }
    const outcome = await planned.perform(occasionOf(visit))
    if (outcome.ok) return c.redirect(`/grants/${seen.grant.id}?done=${done}`, 303)
    const now = (await ofGrant(c)) ?? seen
    return show(c, now, { kind: 'refused', text: outcome.text[visit.locale] }, 409)
  }

  return new Hono<GuardedEnv>()
    .get('/grants', guard('read-grants'), async (c) => {
      const { visit, assignment } = c.var
      const asked = c.req.query('view')
      const view = asked === 'reviews' || asked === 'all' ? asked : 'waiting'
      const queries: Readonly<Record<'waiting' | 'reviews' | 'all', GrantQuery>> = {
        waiting: { ...ofUnit(visit, assignment.role, assignment.unit), state: 'asked' },
        reviews: { ...ofUnit(visit, assignment.role, assignment.unit), unreviewedAt: visit.now + EVER },
        all: ofUnit(visit, assignment.role, assignment.unit),
      }
      const [waiting, reviews, found] = await Promise.all([
        store.grants({ ...queries.waiting, limit: MOST_COUNTED }),
        store.grants({ ...queries.reviews, limit: MOST_COUNTED }),
        store.grants({ ...queries[view], ...placeOf(visit) }),
      ])
      const { shown, next } = pageOf(found, GRANTS_LISTED, ({ id }) => id)
      // Who works under which contract asked when, and for what kind of data.
      await recordReading(deps.log, visit, {
        action: 'search',
        reader: assignment,
        detail: { page: 'grants', view, shown: shown.length },
      })
      return c.html(
        asHtml(
          <GrantsPage
            visit={visit}
            view={view}
            grants={shown}
            next={next}
            waiting={{ waiting: waiting.length, reviews: reviews.length }}
            mayAsk={false}
          />,
        ),
      )
    })

    .get('/grants/mine', signedIn, async (c) => {
      const { visit } = c.var
      const [acting] = await actorsOf(visit, engagement)
      if (acting === undefined) return c.html(noActorPage(visit), 200)
      const grants = await store.grants({
        ...{ operator: acting.actor.operator, limit: GRANTS_LISTED + 1 },
        ...placeOf(visit),
      })
      const { shown, next } = pageOf(grants, GRANTS_LISTED, ({ id }) => id)
      const lists = may(visit, 'read-grants')
      return c.html(
        asHtml(
          <GrantsPage
            visit={visit}
            view="mine"
            grants={shown.filter(({ contract }) => contract === acting.actor.contract)}
            next={next}
            waiting={lists ? { waiting: 0, reviews: 0 } : null}
            mayAsk
          />,
        ),
      )
    })

    .get('/grants/new', signedIn, async (c) => {
      const { visit } = c.var
      const asker = await askerOf(visit, engagement, null)
      if (asker === null) return c.html(noActorPage(visit), 200)
      return c.html(
        asHtml(<AskPage visit={visit} asker={asker} typed={typedRequest(c.req.query())} result={null} />),
      )
    })

    .post('/grants/new', signedIn, async (c) => {
      const { visit } = c.var
      const form = sentForm(await c.req.parseBody())
      const typed = typedRequest(form)
      const sent = askFormSchema.safeParse(typed)
      const asker = await askerOf(visit, engagement, sent.success ? sent.data.ticket : null)
      if (asker === null) return c.html(noActorPage(visit), 403)
      const again = (result: ActResult, status: 400 | 409) =>
        c.html(asHtml(<AskPage visit={visit} asker={asker} typed={typed} result={result} />), status)
      if (!sent.success) return again({ kind: 'incomplete', problems: problemsIn(visit, sent.error) }, 400)

      const { resource, action, purpose, minutes, reason, matter, record, how } = sent.data
      const onTicket = asker.ticket === null || asker.ticket === 'unknown' ? null : asker.ticket.dataSubject
      const wanted = {
        ...{ resource, action, purpose, minutes, reason },
        record: matter === 'record' ? record : null,
        dataSubject: matter === 'person' ? onTicket : null,
      }
      if (how === 'emergency' && !isConfirmed(form))
        return c.html(confirmPage(visit, filledEmergency(visit, typed)))
      const operation = how === 'emergency' ? breakGlass : requestGrant
      const outcome = await operation(desk, occasionOf(visit), asker, wanted)
      if (!outcome.ok) return again({ kind: 'refused', text: outcome.text[visit.locale] }, 409)
      return c.redirect(
        `/grants/${outcome.grant.id}?done=${how === 'emergency' ? 'emergency' : 'asked'}`,
        303,
      )
    })

    .get('/grants/:id', signedIn, async (c) => {
      const { visit } = c.var
      const seen = await ofGrant(c)
      if (seen === null) return c.html(notFoundPage(visit), 404)
      return show(c, seen, actDone(visit, grantsText[visit.locale].done))
    })

    .post('/grants/:id/approve', guard('decide-grants'), (c) =>
      act(
        c,
        (seen, sent) => {
          const { visit } = c.var
          const form = approvalFormSchema.safeParse(sent)
          if (!form.success) return { kind: 'incomplete', problems: problemsIn(visit, form.error) }
          const { minutes } = form.data
          const t = grantsText[visit.locale]
          return {
            act: filled(visit, seen.grant, approval(visit, seen.grant), {
              carried: { minutes: String(minutes) },
              stated: [[t.minutesLabel, t.inMinutes(minutes)]],
            }),
            perform: (occasion) =>
              approveGrant(desk, occasion, seen.viewer.actor, seen.grant.id, { minutes }),
          }
        },
        'approved',
      ),
    )

    .post('/grants/:id/refuse', guard('decide-grants'), (c) =>
      act(
        c,
        ({ grant, viewer }) => ({
          act: filled(c.var.visit, grant, refusal(c.var.visit, grant)),
          perform: (occasion) => refuseAskedGrant(desk, occasion, viewer.actor, grant.id),
        }),
        'refused',
      ),
    )

    .post('/grants/:id/revoke', signedIn, (c) =>
      act(
        c,
        ({ grant, viewer, isAsker }) => ({
          act: filled(c.var.visit, grant, revocation(c.var.visit, grant, isAsker)),
          perform: (occasion) => revokeGrant(desk, occasion, viewer.actor, grant.id),
        }),
        'revoked',
      ),
    )

    .post('/grants/:id/review', guard('decide-grants'), (c) =>
      act(
        c,
        ({ grant, viewer }, sent) => {
          const { visit } = c.var
          const form = reviewFormSchema.safeParse(sent)
          if (!form.success) return { kind: 'incomplete', problems: problemsIn(visit, form.error) }
          const { outcome, note } = form.data
          const t = grantsText[visit.locale]
          return {
            act: filled(visit, grant, review(visit, grant), {
              carried: { outcome, note },
              stated: [
                [t.outcome, t[outcome]],
                [t.note, note],
              ],
            }),
            perform: (occasion) =>
              reviewBrokenGlass(desk, occasion, viewer.actor, grant.id, { outcome, note }),
          }
        },
        'reviewed',
      ),
    )
}

interface Planned {
  readonly act: FilledAct
  readonly perform: (occasion: Occasion) => Promise<GrantOutcome>
}

/** A grant as somebody may see it, and in whose name they look. */
interface Seen {
  readonly grant: Grant
  readonly viewer: ActingViewer
  readonly isAsker: boolean
  readonly barred: ReturnType<typeof mayDecide>
  readonly mayList: boolean
}

/**
 * To whoever may decide on it, to the person who asked, and to those who read every unit's; for all others it does not
 * exist.
 */
function seenBy(visit: Visit, grant: Grant, acting: readonly ActingViewer[]): Seen | null {
  const occasion = occasionOf(visit)
  const deciding = acting.find(({ actor }) => mayDecide(occasion, actor, grant) === null)
  const asking = acting.find(
    ({ actor }) => actor.operator === grant.operator && actor.contract === grant.contract,
  )
  const reading = visit.viewer === null ? null : assignmentFor(visit.viewer, 'read-grants')
  const overseeing =
    reading === null || !seesEveryUnit(visit, reading.role)
      ? undefined
      : acting.find(({ assignment }) => assignment === reading)
  const viewer = asking ?? deciding ?? overseeing
  if (viewer === undefined) return null
  return {
    grant,
    viewer,
    isAsker: asking !== undefined,
    barred: mayDecide(occasion, viewer.actor, grant),
    mayList: reading !== null && asking === undefined,
  }
}

/** An approver sees the unit's own grants; who watches over the processing sees all. */
function seesEveryUnit({ bundle }: Visit, role: string): boolean {
  return bundle.document.varco.grants?.approver_roles.includes(role) !== true
}

/** The page that the address asks for. */
function placeOf({ url }: Visit): Pick<GrantQuery, 'after'> {
  const { after } = readPlace(url.searchParams)
  return after !== undefined && isId(after) ? { after: asId<GrantId>(after) } : {}
}

function ofUnit(visit: Visit, role: string, unit: string): GrantQuery {
  return { ...(seesEveryUnit(visit, role) ? {} : { owner: unit }), limit: GRANTS_LISTED + 1 }
}

/** Who looked at whose data: the record and the data subject the grant is about are disclosed by its page. */
async function recordGrantReading(
  { log, engagement }: GrantRoutesDeps,
  visit: Visit,
  { grant, viewer }: Seen,
): Promise<void> {
  const { matter } = grant
  const kind = visit.bundle.resources.get(matter.resource)?.document.data_subject?.kind
  const id = matter.dataSubject ?? (await engagement.ticket(matter.ticket))?.dataSubject ?? null
  await recordReading(log, visit, {
    action: 'read',
    reader: viewer.assignment,
    detail: { page: 'grant', grant: grant.id },
    disclosures: [
      {
        resource: matter.resource,
        recordKey: matter.record ?? matter.dataSubject ?? '',
        dataSubject: kind === undefined || id === null ? null : { kind, id },
      },
    ],
  })
}

/** As the proxy establishes whoever asks it; `null` where no one assignment says as whom. */
async function askerOf(visit: Visit, engagement: EngagementStore, ticket: string | null) {
  const { viewer, bundle, now } = visit
  if (viewer === null) return null
  const { issuer, externalId } = viewer.session
  const context = await establishContext(engagement, bundle, { issuer, externalId, ticket, grant: null }, now)
  if (!context.established) return null
  const { principal, contract, operator } = context
  const acting = (await actorsOf(visit, engagement)).find(
    ({ actor }) => actor.operator === operator && actor.pseudonym === principal.pseudonym,
  )
  return acting === undefined ? null : { actor: acting.actor, principal, contract, ticket: context.ticket }
}

function filled(
  visit: Visit,
  grant: Grant,
  act: Parameters<typeof confirmPage>[1] | ReturnType<typeof refusal>,
  more: Pick<FilledAct, 'carried' | 'stated'> = { carried: {}, stated: [] },
): FilledAct {
  const t = grantsText[visit.locale]
  return {
    ...act,
    carried: more.carried,
    stated: [
      [t.request, matterInWords(visit, grant)],
      [t.who, grant.pseudonym],
      [t.reason, grant.reason],
      ...more.stated,
    ],
    above: [{ title: t.caseTitle(grant.id), href: `/grants/${grant.id}` }],
  }
}

function filledEmergency(visit: Visit, typed: ReturnType<typeof typedRequest>): FilledAct {
  const t = grantsText[visit.locale]
  return {
    ...emergency(visit),
    carried: { ...typed },
    stated: [
      [t.ticket, typed.ticket],
      [t.reasonLabel, typed.reason],
    ],
    above: [{ title: t.newTitle, href: '/grants/new' }],
  }
}

function occasionOf({ bundle, now, requestId }: Visit): Occasion {
  return { bundle, now, requestId }
}

function noActorPage(visit: Visit) {
  const t = grantsText[visit.locale]
  return asHtml(
    <Page visit={visit} title={t.mine} above={[]} lead={t.mineLead}>
      <Empty icon="info-circle">{t.noActor}</Empty>
    </Page>,
  )
}

/** Anybody who is signed in: contractors' people ask, and look at what they asked. */
const signedIn: MiddlewareHandler<ConsoleEnv> = async (c, next) => {
  if (c.var.visit.viewer === null) return c.redirect(loginFor(c.var.visit.url), 303)
  await next()
  return undefined
}
