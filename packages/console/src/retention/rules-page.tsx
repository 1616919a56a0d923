import type { JSX } from 'hono/jsx/jsx-runtime'
import type { ActResult } from '../act/act-note.tsx'
import { durationInWords } from '../i18n/duration-in-words.ts'
import { namesOf } from '../i18n/names.ts'
import { ListTable } from '../layout/list-table.tsx'
import type { Visit } from '../visit/visit.ts'
import { RetentionFrame } from './retention-frame.tsx'
import { NEW_RULE, ruleHref } from './rule-page.tsx'
import { retentionText } from './text.ts'

/** The rules in force, each with its norm. */
export function RulesPage(props: { visit: Visit; mayEdit: boolean; result: ActResult }): JSX.Element {
  const { visit, mayEdit, result } = props
  const t = retentionText[visit.locale]
  const names = namesOf(visit.bundle, visit.locale)
  return (
    <RetentionFrame visit={visit} section="rules" result={result}>
      {mayEdit ? (
        <p>
          <a class="btn btn-primary" href={NEW_RULE}>
            {t.newRule}
          </a>
        </p>
      ) : null}
      <ListTable
        caption={t.rulesTitle}
        columns={[t.rule, t.resource, t.trigger, t.after, t.action, t.norm, ...(mayEdit ? [t.edit] : [])]}
        rows={visit.bundle.document.retention.map((rule) => [
          rule.title[visit.locale],
          names.resource(rule.resource),
          [
            names.field(rule.resource, rule.trigger.field),
            ...(rule.trigger.event === undefined ? [] : [rule.trigger.event.title[visit.locale]]),
            ...(rule.trigger.contract_end === undefined ? [] : [t.contractEnd]),
          ].join(' · '),
          durationInWords(rule.after, visit.locale),
          t.actions[rule.action],
          rule.because,
          ...(mayEdit
            ? [
                <a href={ruleHref(rule.id)}>
                  {t.edit}
                  <span class="visually-hidden">: {rule.title[visit.locale]}</span>
                </a>,
              ]
            : []),
        ])}
      />
    </RetentionFrame>
  )
}
