import type { BundleDocument, Bundle } from '@varco/policy'
import {
  formatIn,
  line,
  lines,
  pageWords,
  sayIn,
  type Format,
  type ReportDocument,
  type Say,
} from '@varco/reports'
import type { Disposition } from '@varco/retention'

/** What every document of retention is written with: the body's language, zone and names. */
export interface RetentionPage {
  readonly bundle: Bundle
  readonly say: Say
  readonly format: Format
}

export function retentionPage(bundle: Bundle): RetentionPage {
  const { locale, time_zone: timeZone } = bundle.document.varco
  return { bundle, say: sayIn(locale), format: formatIn(locale, timeZone) }
}

/** The head and the foot of the page. */
export function pageFrame(
  { bundle, say }: RetentionPage,
  hash: string,
): Pick<ReportDocument, 'locale' | 'issuer' | 'hash' | 'words'> {
  const { controller, locale } = bundle.document.varco
  return { locale, issuer: { short: controller.short, name: controller.name }, hash, words: pageWords(say) }
}

export function contactFacts({ bundle, say }: RetentionPage): ReportDocument['facts'] {
  const { controller } = bundle.document.varco
  const contact = (of: BundleDocument['varco']['controller']['dpo']) =>
    lines(of.name, 'address' in of ? of.address : null, of.email)
  return [
    { term: say('Titolare', 'Controller'), lines: contact(controller.contact) },
    {
      term: say('Responsabile della protezione dei dati', 'Data protection officer'),
      lines: contact(controller.dpo),
    },
  ]
}

export function actionName(say: Say, action: Disposition): string {
  switch (action) {
    case 'erase':
      return say('cancellazione', 'erasure')
    case 'anonymise':
      return say('anonimizzazione', 'anonymisation')
    case 'restrict':
      return say('limitazione', 'restriction')
    case 'archive':
      return say('archiviazione e cancellazione', 'archiving and erasure')
  }
}

export function approverName(say: Say, as: string): string {
  switch (as) {
    case 'owner':
      return say('servizio responsabile', 'owner')
    case 'dpo':
      return say('responsabile della protezione dei dati', 'data protection officer')
    default:
      return say('autorità esterna', 'outside authority')
  }
}

export function resourceTitle({ bundle, say }: RetentionPage, name: string): string {
  const resource = bundle.document.catalogue.find((file) => file.resource === name)
  return resource === undefined ? name : say.of(resource.title)
}

export function ruleTitle({ bundle, say }: RetentionPage, id: string): string {
  const rule = bundle.document.retention.find((each) => each.id === id)
  return rule === undefined ? id : say.of(rule.title)
}

/** Who agreed, in the order in which they did. */
export function approvalsTable(
  { say, format }: RetentionPage,
  approvals: readonly {
    readonly as: string
    readonly by: string
    /** RFC 3339. */
    readonly at: string
    readonly reference: string | null
  }[],
): ReportDocument['sections'][number]['blocks'][number] {
  return {
    kind: 'table',
    caption: say('Chi ha approvato', 'Who agreed'),
    columns: [
      { title: say('In qualità di', 'As'), share: 3 },
      { title: say('Persona', 'Person'), share: 2 },
      { title: say('Quando', 'When'), share: 3 },
      { title: say('Riferimento', 'Reference'), share: 2 },
    ],
    rows: approvals.map(({ as, by, at, reference }) => [
      lines(approverName(say, as)),
      [line(by, 'code')],
      lines(format.instant(at)),
      lines(reference ?? '–'),
    ]),
  }
}
