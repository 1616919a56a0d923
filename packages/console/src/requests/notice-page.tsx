import { NOTICE_ENDS, type RecipientNotice } from '@varco/retention'
import type { JSX } from 'hono/jsx/jsx-runtime'
import { ActForm } from '../act/act-form.tsx'
import type { ActResult } from '../act/act-note.tsx'
import type { Act } from '../act/act.ts'
import { ChoiceGroup, LongTextField } from '../act/fields.tsx'
import { namesOf } from '../i18n/names.ts'
import { CasePage } from '../layout/case-page.tsx'
import { Facts } from '../layout/facts.tsx'
import { StateBadge } from '../layout/state-badge.tsx'
import type { Visit } from '../visit/visit.ts'
import { noticesText } from './notices-text.ts'
import { requestHref } from './requests-page.tsx'
import { requestsText } from './text.ts'

export const LONGEST_NOTE = 300

export function settleNoticeAct({ locale }: Pick<Visit, 'locale'>): Act {
  return { to: '/requests/notice', ...noticesText[locale].end }
}

/** What one recipient is to be told: whose data, which, and the files it still has. */
export function NoticePage(props: {
  visit: Visit
  notice: RecipientNotice
  typed: Readonly<Record<string, string>>
  result: ActResult
}): JSX.Element {
  const { visit, notice, typed, result } = props
  const { request, act, processor, contract, dataSubject, resources, copies, queuedAt, settled } = notice
  const t = noticesText[visit.locale]
  const names = namesOf(visit.bundle, visit.locale)
  const { formats } = visit
  return (
    <CasePage
      visit={visit}
      title={names.processor(processor)}
      above={noticeAbove(visit)}
      lead={`${t.acts[act]} · ${request}`}
      badge={
        settled === null ? (
          <StateBadge tone="warning" icon="clock">
            {t.waiting}
          </StateBadge>
        ) : (
          <StateBadge tone="note" icon="check">
            {t.settled}
          </StateBadge>
        )
      }
      result={result}
      acts={
        settled === null ? (
          <ActForm visit={visit} act={settleNoticeAct(visit)}>
            <input type="hidden" name="id" value={notice.id} />
            <ChoiceGroup
              name="how"
              label={t.how}
              value={typed['how'] ?? ''}
              options={NOTICE_ENDS.map((value) => ({ value, title: t.ends[value] }))}
              result={result}
            />
            <LongTextField
              name="note"
              label={t.note}
              help={t.noteHelp}
              minlength={3}
              maxlength={LONGEST_NOTE}
              value={typed['note'] ?? ''}
              result={result}
            />
          </ActForm>
        ) : null
      }
    >
      <section>
        <h2 class="h5">{t.facts}</h2>
        <Facts
          of={[
            [t.contract, names.contract(contract)],
            [t.request, <a href={requestHref(request)}>{request}</a>],
            [t.act, t.acts[act]],
            [
              t.whose,
              dataSubject === null ? null : `${names.dataSubject(dataSubject.kind)} · ${dataSubject.id}`,
            ],
            [t.data, formats.list(resources.map(names.resource))],
            [t.since, formats.instant(queuedAt)],
          ]}
        />
        {copies.length === 0 ? null : (
          <>
            <h3 class="h6">{t.copies}</h3>
            <ul>
              {copies.map((copy) => (
                <li>
                  <code>{copy}</code>
                </li>
              ))}
            </ul>
            <p class="hint">{t.copiesLink}</p>
          </>
        )}
      </section>
      {settled === null ? null : (
        <section>
          <h2 class="h5">{t.ends[settled.how]}</h2>
          <p class="said">{settled.note}</p>
          <p class="mt-2">
            {t.settledBy(settled.by)},{' '}
            <time datetime={formats.machine(settled.at)}>{formats.instant(settled.at)}</time>
          </p>
        </section>
      )}
    </CasePage>
  )
}

/** The pages above one notice. */
export function noticeAbove({ locale }: Pick<Visit, 'locale'>) {
  return [
    { title: requestsText[locale].title, href: '/requests' },
    { title: noticesText[locale].title, href: '/requests/notices' },
  ]
}
