import { formatIn } from '../document/format.ts'
import { sayIn, type Say } from '../report/say.ts'
import { actionAfterTerm, legalBasisOf } from '../report/wording.ts'
import type { ProcessingRegisterContent } from './register.ts'

type Change = NonNullable<ProcessingRegisterContent['changes']>['items'][number]

/** What a register says of one thing, under a key that stays when the wording changes. */
interface Statement {
  readonly key: string
  readonly about: string
  readonly text: string
}

/** What two registers say differently, in the order of the later one; what is gone comes last. */
export function differenceBetween(
  before: ProcessingRegisterContent,
  after: ProcessingRegisterContent,
): Change[] {
  const [old, now] = [statementsOf(before), statementsOf(after)]
  const oldTexts = new Map(old.map(({ key, text }) => [key, text]))
  const nowKeys = new Set(now.map(({ key }) => key))
  return [
    ...now
      .filter(({ key, text }) => oldTexts.get(key) !== text)
      .map(({ key, about, text }) => ({ about, before: oldTexts.get(key) ?? null, after: text })),
    ...old
      .filter(({ key }) => !nowKeys.has(key))
      .map(({ about, text }) => ({ about, before: text, after: null })),
  ]
}

function statementsOf(register: ProcessingRegisterContent): Statement[] {
  const say = sayIn(register.locale)
  return [
    ...controllerStatements(register, say),
    ...activityStatements(register, say),
    ...processorStatements(register, say),
    ...otherStatements(register, say),
  ]
}

function controllerStatements({ controller }: ProcessingRegisterContent, say: Say): Statement[] {
  const contact = ({ name, address, email, phone }: typeof controller.dpo): string =>
    [name, address, email, phone].filter((part) => part !== null).join(' · ')
  return [
    {
      key: 'controller',
      about: say('Titolare', 'Controller'),
      text: `${controller.name}: ${contact(controller.contact)}`,
    },
    {
      key: 'dpo',
      about: say('Responsabile della protezione dei dati', 'Data protection officer'),
      text: contact(controller.dpo),
    },
  ]
}

function activityStatements(register: ProcessingRegisterContent, say: Say): Statement[] {
  const format = formatIn(register.locale, register.time_zone)
  const titles = (things: readonly { readonly title: string }[]): string =>
    things.map(({ title }) => title).join(' · ')
  return register.activities.flatMap((activity) => {
    const { id, title } = activity.purpose
    const statement = (part: string, it: string, en: string, text: string): Statement => ({
      key: `activity/${id}/${part}`,
      about: `${title}: ${say(it, en)}`,
      text,
    })
    return [
      statement('plain', 'finalità', 'purpose', activity.purpose.plain),
      statement(
        'basis',
        'base giuridica',
        'legal basis',
        `${legalBasisOf(activity.legal_basis, say)}; ${activity.norm}`,
      ),
      statement('subjects', 'interessati', 'data subjects', titles(activity.data_subjects)),
      statement('categories', 'categorie di dati', 'categories of data', titles(activity.categories)),
      statement('archives', 'archivi', 'records', titles(activity.archives)),
      statement('roles', 'ruoli', 'roles', titles(activity.roles)),
      ...activity.recipients.map(({ company, contract, clause, from, to }) => ({
        ...statement(
          'recipient',
          'destinatario',
          'recipient',
          `${company.title} · ${contract} · ${clause} · ${format.date(from)} – ${format.date(to)}`,
        ),
        key: `activity/${id}/recipient/${company.id}/${contract}/${clause}`,
      })),
      ...activity.retention.map((rule) => ({
        ...statement(
          'retention',
          'conservazione',
          'retention',
          `${rule.archive.title} · ${rule.title} · ${format.period(rule.after)} · ${rule.trigger.title} · ${actionAfterTerm(rule.action, say)} · ${rule.because}`,
        ),
        key: `activity/${id}/retention/${rule.archive.id}/${rule.trigger.id}/${rule.action}`,
      })),
      ...(activity.automated_decisions === null
        ? []
        : [
            statement(
              'automated',
              'decisioni automatizzate',
              'automated decisions',
              activity.automated_decisions,
            ),
          ]),
    ]
  })
}

function processorStatements(register: ProcessingRegisterContent, say: Say): Statement[] {
  const format = formatIn(register.locale, register.time_zone)
  return register.processors.flatMap(({ company, country, contact, contracts, sub_processors: subs }) => [
    {
      key: `processor/${company.id}`,
      about: say('Responsabile del trattamento', 'Processor'),
      text: [
        company.title,
        contact.name,
        contact.address,
        contact.email,
        contact.phone,
        format.country(country),
      ]
        .filter((part) => part !== null)
        .join(' · '),
    },
    ...contracts.map((contract) => ({
      key: `contract/${contract.id}`,
      about: `${say('Contratto di', 'Contract of')} ${company.title}`,
      text: `${contract.reference} · ${contract.title} · ${format.date(contract.from)} – ${format.date(contract.to)} · ${contract.mode === 'observe' ? `${say('fuori allegato: solo segnalato', 'outside the annex: flagged only')} · ` : ''}${contract.activities.map(({ title, clause }) => `${title} (${clause})`).join(' · ')} · ${format.period(contract.exit.delete_within)} · ${contract.exit.because}`,
    })),
    ...subs.map((sub) => ({
      key: `sub/${company.id}/${sub.name}`,
      about: `${say('Altro responsabile di', 'Sub-processor of')} ${company.title}`,
      text: `${sub.name} · ${sub.service} · ${format.country(sub.country)} · ${format.date(sub.from)} – ${sub.to === null ? say('in corso', 'current') : format.date(sub.to)}`,
    })),
  ])
}

function otherStatements(
  { security, transfers, locale, time_zone: zone }: ProcessingRegisterContent,
  say: Say,
): Statement[] {
  const format = formatIn(locale, zone)
  return [
    ...security.map(({ title, text }, i) => ({
      key: `security/${i}`,
      about: `${say('Misure di sicurezza', 'Security measures')}: ${title}`,
      text,
    })),
    ...transfers.map(({ recipient, country, safeguard }) => ({
      key: `transfer/${recipient}`,
      about: say('Trasferimento', 'Transfer'),
      text: [recipient, format.country(country), safeguard].filter((part) => part !== null).join(' · '),
    })),
  ]
}
