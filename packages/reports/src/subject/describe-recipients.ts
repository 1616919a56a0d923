import type { Bundle } from '@varco/policy'
import type { Say } from '../report/say.ts'
import { contactOf } from '../report/parts.ts'
import { NONE_SEEN, type AccessTally } from './access-tally.ts'
import type { SubjectReport } from './report.ts'
import type { Titles } from '../report/titles.ts'
import { transfersOf } from '../report/transfers.ts'

type Recipient = SubjectReport['recipients'][number]

/**
 * Every company by name (C-154/21): those whose contract covers a purpose these data serve, whether the
 * log shows an access or not, and those that made one.
 */
export function describeRecipients(
  bundle: Bundle,
  purposes: ReadonlySet<string>,
  tally: AccessTally,
  titles: Titles,
  say: Say,
): Recipient[] {
  const { companies, contracts: byContract } = tally
  return bundle.document.processors.flatMap((processor) => {
    const contracts = processor.contracts
      .filter(
        (contract) =>
          byContract.has(contract.id) || contract.annex.some(({ purpose }) => purposes.has(purpose)),
      )
      .map((contract) => ({
        id: contract.id,
        reference: contract.reference,
        title: say.of(contract.title),
        from: contract.from,
        to: contract.to,
        purposes: contract.annex
          .filter(({ purpose }) => purposes.has(purpose))
          .map(({ purpose }) => ({ id: purpose, title: titles.purpose(purpose).title })),
        seen: byContract.get(contract.id) ?? NONE_SEEN,
      }))
    const seen = companies.get(processor.processor)?.seen ?? NONE_SEEN
    if (contracts.length === 0 && seen.accesses === 0) return []
    return [
      {
        company: titles.company(processor.processor),
        country: processor.country,
        contact: contactOf(processor.contact),
        contracts,
        sub_processors: processor.sub_processors.map(({ name, country, service, from, to }) => ({
          name,
          country,
          service: say.of(service),
          from,
          to: to ?? null,
        })),
        seen,
      },
    ]
  })
}

/** Art. 15(1)(c) and (2): recipients outside the European Economic Area and what protects the data there. */
export function describeTransfers(
  bundle: Bundle,
  recipients: readonly Recipient[],
  say: Say,
): SubjectReport['transfers'] {
  const named = new Set(recipients.map((recipient) => recipient.company.id))
  const outside = transfersOf(
    bundle.document.processors.filter((processor) => named.has(processor.processor)),
    say,
  )
  return {
    outside,
    text:
      outside.length === 0
        ? say(
            'I destinatari elencati trattano i dati nello Spazio economico europeo: nessun trasferimento verso altri Paesi.',
            'The recipients listed process the data within the European Economic Area: no transfer to other countries.',
          )
        : say(
            'Alcuni destinatari si trovano fuori dallo Spazio economico europeo. Per ciascuno è indicata la garanzia che protegge i dati (articoli da 45 a 49); copia se ne può chiedere al responsabile della protezione dei dati.',
            'Some recipients are outside the European Economic Area. What protects the data (Articles 45 to 49) is given for each; the data protection officer provides a copy.',
          ),
  }
}
