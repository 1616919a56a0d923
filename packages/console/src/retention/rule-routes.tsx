import { Hono, type Context } from 'hono'
import { confirmPage } from '../act/confirm-page.tsx'
import { carriedFrom, isConfirmed, sentForm } from '../act/confirmed.ts'
import { notFoundPage } from '../errors/refusals.tsx'
import { asHtml } from '../layout/document.tsx'
import { guard, type GuardedEnv } from '../visit/guard.ts'
import { may } from '../visit/may.ts'
import type { Visit } from '../visit/visit.ts'
import type { RetentionAccess } from './retention-access.ts'
import { pagesAbove } from './retention-frame.tsx'
import {
  draftWith,
  newRuleOn,
  previewable,
  previewOf,
  type RuleDocument,
  type RuleStanding,
} from './rule-draft.ts'
import { ruleFrom } from './rule-from-form.ts'
import { ruleInWords } from './rule-in-words.ts'
import { NEW_RULE, NewRulePage, Preview, ruleHref, RulePage } from './rule-page.tsx'
import { RulesPage } from './rules-page.tsx'
import { retentionText } from './text.ts'

/** The rules, and the form that changes one or adds one as a draft of the policy. */
export function ruleRoutes({ desk, policies }: Pick<RetentionAccess, 'desk' | 'policies'>): Hono<GuardedEnv> {
  /** What the draft with this rule would reach, before it is complete too. */
  const previewDraft = async (visit: Visit, rule: RuleDocument, as: RuleStanding) => {
    const written = previewable(rule)
    const { bundle } = draftWith(visit.bundle, written, as)
    return bundle === null ? null : previewOf(desk, bundle, written.id, visit.now)
  }

  const inForceOf = async (visit: Visit, { id }: RuleDocument, as: RuleStanding) =>
    as === 'new' ? null : previewOf(desk, visit.bundle, id, visit.now)

  const showPreview = async (c: Context<GuardedEnv>, before: RuleDocument, as: RuleStanding) => {
    const { visit } = c.var
    const rule = ruleFrom(visit.bundle, before, sentForm(await c.req.parseBody()))
    const inForce = await inForceOf(visit, rule, as)
    const drafted = await previewDraft(visit, rule, as)
    // A script asks for the fragment alone.
    if (c.req.header('varco-fragment') === 'preview') {
      return c.html(<Preview visit={visit} inForce={inForce} drafted={drafted} />)
    }
    const { problems } = draftWith(visit.bundle, as === 'new' ? previewable(rule) : rule, as)
    return c.html(
      asHtml(
        <RulePage {...{ visit, rule, inForce, drafted }} isNew={as === 'new'} problems={problems ?? []} />,
      ),
    )
  }

  const saveDraft = async (c: Context<GuardedEnv>, before: RuleDocument, as: RuleStanding) => {
    const { visit, assignment } = c.var
    const t = retentionText[visit.locale]
    const form = sentForm(await c.req.parseBody())
    const rule = ruleFrom(visit.bundle, before, form)
    const draft = draftWith(visit.bundle, rule, as)
    const inForce = await inForceOf(visit, rule, as)
    if (draft.bundle === null) {
      const { problems } = draft
      return c.html(
        asHtml(<RulePage {...{ visit, rule, inForce, problems }} isNew={as === 'new'} drafted={null} />),
        400,
      )
    }
    if (!isConfirmed(form)) {
      const drafted = await previewOf(desk, draft.bundle, rule.id, visit.now)
      return c.html(
        confirmPage(visit, {
          to: as === 'new' ? NEW_RULE : ruleHref(rule.id),
          ...t.save,
          carried: carriedFrom(form),
          stated: [
            ...ruleInWords(visit, rule),
            [t.preview, <Preview visit={visit} inForce={inForce} drafted={drafted} />],
          ],
          above: pagesAbove(visit, 'rules'),
        }),
      )
    }
    const version = await policies.put(draft.bundle.document, assignment.pseudonym)
    return c.redirect(`/retention/rules?draft=${version.slice(0, 12)}`, 303)
  }

  return new Hono<GuardedEnv>()
    .get('/retention/rules', guard('read-retention'), (c) => {
      const { visit } = c.var
      const t = retentionText[visit.locale]
      const draft = visit.url.searchParams.get('draft')
      const result =
        draft === null || !/^[0-9a-f]{12}$/.test(draft)
          ? null
          : ({ kind: 'done', text: t.draftDone(draft) } as const)
      return c.html(
        asHtml(<RulesPage visit={visit} mayEdit={may(visit, 'draft-retention')} result={result} />),
      )
    })

    .use('/retention/rules/:id', guard('draft-retention'))
    .use('/retention/rules/:id/*', guard('draft-retention'))

    .get('/retention/rules/:id', async (c) => {
      const { visit } = c.var
      const rule = ruleOf(visit, c.req.param('id'))
      if (rule === null) return c.html(notFoundPage(visit), 404)
      const inForce = await previewOf(desk, visit.bundle, rule.id, visit.now)
      return c.html(
        asHtml(<RulePage visit={visit} rule={rule} inForce={inForce} drafted={inForce} problems={[]} />),
      )
    })

    .post('/retention/rules/:id/preview', async (c) => {
      const rule = ruleOf(c.var.visit, c.req.param('id'))
      return rule === null ? c.html(notFoundPage(c.var.visit), 404) : showPreview(c, rule, 'changed')
    })

    .post('/retention/rules/:id', async (c) => {
      const rule = ruleOf(c.var.visit, c.req.param('id'))
      return rule === null ? c.html(notFoundPage(c.var.visit), 404) : saveDraft(c, rule, 'changed')
    })

    .use('/retention/new-rule', guard('draft-retention'))
    .use('/retention/new-rule/*', guard('draft-retention'))

    .get('/retention/new-rule', async (c) => {
      const { visit } = c.var
      const asked = c.req.query('resource')
      if (asked === undefined) {
        const resources = [...visit.bundle.resources.keys()].filter(
          (name) => newRuleOn(visit.bundle, name) !== null,
        )
        return c.html(asHtml(<NewRulePage visit={visit} resources={resources} />))
      }
      const rule = newRuleOn(visit.bundle, asked)
      if (rule === null) return c.html(notFoundPage(visit), 404)
      const drafted = await previewDraft(visit, rule, 'new')
      return c.html(asHtml(<RulePage {...{ visit, rule, drafted }} isNew inForce={null} problems={[]} />))
    })

    .post('/retention/new-rule/preview', async (c) => {
      const rule = await newRuleSent(c)
      return rule === null ? c.html(notFoundPage(c.var.visit), 404) : showPreview(c, rule, 'new')
    })

    .post('/retention/new-rule', async (c) => {
      const rule = await newRuleSent(c)
      return rule === null ? c.html(notFoundPage(c.var.visit), 404) : saveDraft(c, rule, 'new')
    })
}

function ruleOf({ bundle }: Visit, id: string): RuleDocument | null {
  return bundle.document.retention.find((rule) => rule.id === id) ?? null
}

/** The new rule a form begins with, under the name it gives. */
async function newRuleSent(c: Context<GuardedEnv>): Promise<RuleDocument | null> {
  const form = sentForm(await c.req.parseBody())
  const rule = newRuleOn(c.var.visit.bundle, form['resource'] ?? '')
  return rule === null ? null : { ...rule, id: (form['id'] ?? '').trim() }
}
