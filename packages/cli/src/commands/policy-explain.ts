import { ConfigError, LOCALES, systemClock, microsToIso, type Locale } from '@varco/core'
import {
  ACTIONS,
  bundleDocumentSchema,
  caseRequest,
  explain,
  explanationText,
  type Action,
  type Bundle,
  type CaseDocument,
} from '@varco/policy'
import { Option, type Command } from 'commander'
import { asJson } from '../as-json.ts'
import type { CommandWork, Run } from '../command-context.ts'
import { openBundle } from './policy-bundle.ts'

interface ExplainOptions {
  readonly case?: string
  readonly role?: string
  readonly contract: string
  readonly unit: string
  readonly attributes?: string
  readonly purpose?: string
  readonly action: Action
  readonly resource?: string
  readonly ticketAbout?: string
  readonly record?: string
  readonly at?: string
  readonly locale?: Locale
}

export function registerExplain(policy: Command, run: Run): void {
  policy
    .command('explain')
    .description(
      'one request, the whole reasoning: each rule, each clause, and what would have been permitted',
    )
    .argument('[bundle]', 'a bundle’s folder, a version, or "active" (default: VARCO_POLICIES)')
    .option('--case <id>', 'the request of a golden case; the options below are then not needed')
    .option('--role <role>', 'who asks')
    .option('--contract <id>', 'under which contract, or internal', 'internal')
    .option('--unit <unit>', 'in which unit', 'none')
    .option('--attributes <json>', 'what else is known of them: {"regions":["Lazio"]}')
    .option('--purpose <purpose>', 'for which purpose')
    .addOption(new Option('--action <action>', 'to do what').choices(ACTIONS).default('read'))
    .option('--resource <resource>', 'with which kind of record')
    .option('--ticket-about <key>', 'with an open ticket about this data subject')
    .option('--record <json>', 'on this record; fields not given are NULL')
    .option('--at <instant>', 'when (default: now)')
    .addOption(
      new Option('--locale <locale>', 'language of the reasons (default: the bundle’s)').choices(LOCALES),
    )
    .addHelpText(
      'after',
      '\nExample:\n  $ varco policy explain --role contact-centre.operator --purpose invoice-enquiry --resource invoice',
    )
    .action((given: string | undefined, options: ExplainOptions) => run(explainWork(given, options)))
}

function explainWork(given: string | undefined, options: ExplainOptions): CommandWork {
  return async ({ config, output }) => {
    const bundle = await openBundle(given, config)
    const golden = options.case === undefined ? questionOf(bundle, options) : goldenCase(bundle, options.case)
    const resource = bundle.document.catalogue.find((file) => file.resource === golden.resource)
    const record =
      golden.record === undefined || resource === undefined
        ? null
        : {
            ...Object.fromEntries(Object.keys(resource.fields).map((field) => [field, null])),
            ...golden.record,
          }
    const explanation = explain(bundle, caseRequest(bundle, golden), record)
    output.answer(
      asJson(explanation),
      explanationText(explanation, options.locale ?? bundle.document.varco.locale),
    )
    return 0
  }
}

function goldenCase(bundle: Bundle, id: string): CaseDocument {
  const golden = bundle.document.cases.find((each) => each.id === id)
  if (golden === undefined) throw new ConfigError('case', 'no golden case has this id')
  return golden
}

/** The same shape as a golden case, and checked as one. */
function questionOf({ document }: Bundle, options: ExplainOptions): CaseDocument {
  if (options.role === undefined || options.resource === undefined)
    throw new ConfigError('role', 'give --role and --resource, or --case')
  const now = options.at ?? microsToIso(systemClock.now())
  const { purpose, ticketAbout } = options
  const parsed = bundleDocumentSchema.shape.cases.element.safeParse({
    id: 'question',
    title: 'question',
    now,
    as: {
      contract: options.contract,
      role: options.role,
      unit: options.unit,
      attributes: json('attributes', options.attributes) ?? {},
    },
    ...(purpose === undefined ? {} : { purpose }),
    ...(ticketAbout === undefined
      ? {}
      : {
          ticket: {
            status: 'open',
            data_subject: ticketAbout,
            purpose: purpose ?? Object.keys(document.purposes)[0],
            opened_at: now,
          },
        }),
    action: options.action,
    resource: options.resource,
    ...(options.record === undefined ? {} : { record: json('record', options.record) }),
    expect: { decision: 'permit' },
  })
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  throw new ConfigError(
    'question',
    `${issue?.path.join(' ') ?? 'the question'} ${issue?.message.toLowerCase() ?? 'is wrong'}`,
  )
}

function json(name: string, text: string | undefined): unknown {
  if (text === undefined) return undefined
  try {
    return JSON.parse(text) as unknown
  } catch {
    throw new ConfigError(name, `--${name} is not JSON`)
  }
}
