import type { ContractId } from '@varco/core'
import type { JSX } from 'hono/jsx/jsx-runtime'
import { assetUrl } from '../assets/assets.ts'
import { Empty } from '../layout/empty.tsx'
import { CsrfField } from '../session/csrf-field.tsx'
import type { Visit } from '../visit/visit.ts'
import { MeFrame } from './me-frame.tsx'
import { meText } from './text.ts'

/** Where a worker's token is made, blinded and signed; the page's script does it, and the server reads nothing of it. */
export function MeWorkPage(props: {
  visit: Visit
  /** `2026-11`. */
  month: string
  contracts: readonly ContractId[]
}): JSX.Element {
  const { visit, month, contracts } = props
  const t = meText[visit.locale]
  return (
    <MeFrame visit={visit} section="workTitle" lead={t.workLead}>
      <ol>
        {t.workSteps.map((step) => (
          <li>{step}</li>
        ))}
      </ol>
      <p>{t.workKept}</p>
      {contracts.length === 0 ? <Empty>{t.workNone}</Empty> : null}
      {contracts.map((contract) => (
        <TakeToken visit={visit} month={month} contract={contract} />
      ))}
      <p>
        <a href="/work" target="_blank" rel="noopener noreferrer">
          {t.workDeclare}
        </a>
      </p>
      {contracts.length === 0 ? null : <script type="module" src={assetUrl('work.js')}></script>}
    </MeFrame>
  )
}

function TakeToken(props: { visit: Visit; month: string; contract: ContractId }): JSX.Element {
  const { visit, month, contract } = props
  const t = meText[visit.locale]
  const { locale, bundle, viewer } = visit
  const id = `token-${contract}`
  return (
    <section class="panel">
      <h2 class="h5">{t.workTake(month)}</h2>
      <p>
        {t.workContract}: {bundle.contracts.get(contract)?.document.title[locale] ?? contract}
      </p>
      <form
        method="post"
        action="/me/work/token"
        data-work-token
        data-contract={contract}
        data-month={month}
        data-done={t.workDone}
        data-failed={t.workFailed}
        data-other-key={t.workOtherKey}
      >
        {viewer === null ? null : <CsrfField session={viewer.session} />}
        <input type="hidden" name="contract" value={contract} />
        <input type="hidden" name="month" value={month} />
        <button type="submit" class="btn btn-primary" disabled>
          {t.workButton}
        </button>
      </form>
      <p class="alert alert-warning" data-work-noscript>
        {t.workNoScript}
      </p>
      <p role="status" aria-live="polite"></p>
      <div data-work-result hidden>
        <div class="field">
          <label for={id}>{t.workToken}</label>
          <textarea id={id} class="form-control" rows={8} readonly aria-describedby={`${id}-help`}></textarea>
          <p class="hint" id={`${id}-help`}>
            {t.workTokenHelp}
          </p>
        </div>
        <p>
          <a download={`varco-${contract}-${month}.json`} href="/me/work">
            {t.workSave}
          </a>
        </p>
        <p>
          {t.workDigest} <code data-work-digest></code>
        </p>
      </div>
    </section>
  )
}
