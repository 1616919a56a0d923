import { customType, jsonb, pgSchema, primaryKey, text } from 'drizzle-orm/pg-core'

const varco = pgSchema('varco')
const bytes = customType<{ data: Buffer }>({ dataType: () => 'bytea' })

/** A declaration as it stands beside its token's name. */
export interface KeptDeclaration {
  /** base64url. */
  readonly message: string
  readonly signature: string
  readonly hours: Readonly<Record<string, number>>
}

/** Work off the system: a row a contract and month, in which no order and no time is kept. */
export const workMonths = varco.table(
  'work_months',
  {
    contract: text('contract').notNull(),
    month: text('month').notNull(),
    publicKey: bytes('public_key').notNull(),
    sealedKey: bytes('sealed_key').notNull(),
    announced: text('announced_event'),
    closed: text('closed_event'),
    taken: jsonb('taken').$type<Readonly<Record<string, string>>>().notNull().default({}),
    handedIn: jsonb('handed_in').$type<Readonly<Record<string, KeptDeclaration>>>().notNull().default({}),
  },
  ({ contract, month }) => [primaryKey({ columns: [contract, month] })],
)
