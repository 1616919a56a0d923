import { actDraft, type AccessLog } from '@varco/access-log'
import { actDone } from '../act/act-done.ts'
import type { PolicyVersion } from '@varco/core'
import { ActivationError, type PolicyStore, type ShadowStore, type StoredPolicy } from '@varco/policy'
import { Hono, type Context } from 'hono'
import type { Act, FilledAct } from '../act/act.ts'
import type { ActResult } from '../act/act-note.tsx'
import { confirmPage } from '../act/confirm-page.tsx'
import { isConfirmed, sentForm } from '../act/confirmed.ts'
import { notFoundPage } from '../errors/refusals.tsx'
import { asHtml } from '../layout/document.tsx'
import { pageWithin, readPlace } from '../log/place.ts'
import { guard, type GuardedEnv } from '../visit/guard.ts'
import { may } from '../visit/may.ts'
import type { Visit } from '../visit/visit.ts'
import { activateVersion, isOwn } from './activate-version.ts'
import { ShadowPage } from './shadow-page.tsx'
import { policiesText } from './text.ts'
import { activation, trial, trialEnd } from './version-acts.ts'
import { VersionPage } from './version-page.tsx'
import { versionVerdicts } from './version-verdict.ts'
import { VersionsPage } from './versions-page.tsx'
import { versionsText } from './versions-text.ts'

const VERSIONS_LISTED = 50

export interface VersionRoutesDeps {
  readonly policies: PolicyStore
  readonly shadow: Pick<ShadowStore, 'lastRun' | 'lastWithCandidate' | 'start' | 'tallies'>
  readonly log: AccessLog
}

type VersionContext = Context<GuardedEnv>

/** Versions of the policy: compared, put in force by a second person, tried on live requests. */
export function versionRoutes({ policies, shadow, log }: VersionRoutesDeps): Hono<GuardedEnv> {
  const verdictOn = versionVerdicts()

  const storedOf = async (c: VersionContext): Promise<StoredPolicy | null> => {
    const version = c.req.param('version') ?? ''
    return /^[0-9a-f]{64}$/.test(version) ? policies.find(version as PolicyVersion) : null
  }

  const show = async (
    c: VersionContext,
    stored: StoredPolicy,
    result: ActResult,
    status: 200 | 409 = 200,
  ) => {
    const { visit } = c.var
    const history = await policies.history()
    return c.html(
      asHtml(
        <VersionPage
          {...{ visit, stored, history, result }}
          verdict={verdictOn(visit.bundle, stored)}
          isOwn={await isOwn(visit, stored.putBy)}
          mayActivate={may(visit, 'activate-policy')}
          mayTry={may(visit, 'try-policy')}
        />,
      ),
      status,
    )
  }

  const startTrial = async (c: VersionContext, candidate: PolicyVersion | null): Promise<void> => {
    const { visit, assignment } = c.var
    const { pseudonym, role, unit } = assignment
    // The log first, as for an activation: the candidate's people see what it is compared with.
    await log.append(
      actDraft('policy-shadowed', {
        ...{ requestId: visit.requestId, operator: pseudonym, role, unit },
        policyVersion: visit.bundle.version,
        detail: { candidate: candidate ?? 'none' },
      }),
    )
    await shadow.start(candidate, pseudonym)
  }

  return new Hono<GuardedEnv>()
    .get('/policies/versions', guard('read-policies'), async (c) => {
      const { visit } = c.var
      const [all, history] = await Promise.all([policies.list(), policies.history()])
      const place = readPlace(visit.url.searchParams)
      const { shown, next } = pageWithin(all, place, VERSIONS_LISTED, ({ version }) => version)
      return c.html(asHtml(<VersionsPage {...{ visit, next, history }} versions={shown} />))
    })

    .get('/policies/versions/:version', guard('read-policies'), async (c) => {
      const stored = await storedOf(c)
      if (stored === null) return c.html(notFoundPage(c.var.visit), 404)
      return show(c, stored, doneOf(c))
    })

    .post('/policies/versions/:version/activate', guard('activate-policy'), async (c) => {
      const { visit, assignment } = c.var
      const stored = await storedOf(c)
      if (stored === null) return c.html(notFoundPage(visit), 404)
      const verdict = verdictOn(visit.bundle, stored)
      const t = versionsText[visit.locale]
      if (verdict === null) return show(c, stored, { kind: 'refused', text: t.unreadable }, 409)
      const act = activation(visit, stored.version, verdict.diff.widens)
      if (!isConfirmed(sentForm(await c.req.parseBody())))
        return c.html(confirmPage(visit, filled(visit, act, stored)))
      try {
        await activateVersion({ store: policies, log }, visit, assignment, stored.version)
      } catch (error) {
        if (!(error instanceof ActivationError)) throw error
        return show(c, stored, { kind: 'refused', text: t.refused[error.reason] }, 409)
      }
      return c.redirect(`/policies/versions/${stored.version}?done=activated`, 303)
    })

    .post('/policies/versions/:version/shadow', guard('try-policy'), async (c) => {
      const { visit } = c.var
      const stored = await storedOf(c)
      if (stored === null) return c.html(notFoundPage(visit), 404)
      if (!isConfirmed(sentForm(await c.req.parseBody())))
        return c.html(confirmPage(visit, filled(visit, trial(visit, stored.version), stored)))
      await startTrial(c, stored.version)
      return c.redirect('/policies/shadow?done=trial', 303)
    })

    .get('/policies/shadow', guard('read-policies'), async (c) => {
      const { visit } = c.var
      const [last, run] = await Promise.all([shadow.lastRun(), shadow.lastWithCandidate()])
      const tallies = run === null ? [] : await shadow.tallies(run.number)
      return c.html(
        asHtml(
          <ShadowPage
            {...{ visit, run, tallies, result: doneOf(c) }}
            isOn={run !== null && run.number === last?.number}
            mayStop={may(visit, 'try-policy')}
          />,
        ),
      )
    })

    .post('/policies/shadow/stop', guard('try-policy'), async (c) => {
      const { visit } = c.var
      if (!isConfirmed(sentForm(await c.req.parseBody())))
        return c.html(confirmPage(visit, filled(visit, trialEnd(visit), null)))
      await startTrial(c, null)
      return c.redirect('/policies/shadow?done=stopped', 303)
    })
}

function doneOf(c: VersionContext): ActResult {
  return actDone(c.var.visit, versionsText[c.var.visit.locale].done)
}

function filled({ locale }: Visit, act: Act, stored: StoredPolicy | null): FilledAct {
  const t = versionsText[locale]
  return {
    ...act,
    carried: {},
    stated:
      stored === null
        ? []
        : [
            [t.version, <code class="hash">{stored.version}</code>],
            [t.writtenBy, <code>{stored.putBy}</code>],
          ],
    above: [
      { title: policiesText[locale].title, href: '/policies' },
      stored === null
        ? { title: t.shadowTitle, href: '/policies/shadow' }
        : { title: t.caseTitle(stored.version.slice(0, 12)), href: `/policies/versions/${stored.version}` },
    ],
  }
}
