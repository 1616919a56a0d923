import { UnavailableError } from '@varco/core'
import {
  EngagementConflictError,
  isOver,
  type Assignment,
  type ContractState,
  type EngagementBatch,
  type EngagementChange,
  type EngagementFeed,
  type EngagementStore,
  type EngagementWriter,
  type HideIdentity,
  type Instruction,
  type Operator,
  type Ticket,
} from '@varco/engagement'
import type { PoolClient } from 'pg'
import type { Database } from './database.ts'
import { ENGAGEMENT_CHANNEL, engagementNotice } from './engagement-channel.ts'
import { openGrantStore } from './grant-store.ts'
import { HOLDS_LOCK } from './holds-lock.ts'
import { inTransaction } from './in-transaction.ts'
import { listen } from './listen.ts'

/**
 * The engagement's state in PostgreSQL. Who an operator is at the identity provider stands there only as `hide` has it:
 * whoever reads the tables learns nobody's name.
 */
export interface PostgresEngagementStore extends EngagementStore, EngagementWriter, EngagementFeed {}

export function openEngagementStore(database: Database, hide: HideIdentity): PostgresEngagementStore {
  const ask = async <Row>(
    name: string,
    text: string,
    values: readonly unknown[],
  ): Promise<readonly Row[]> => {
    try {
      const { rows } = await database.pool.query<Row & Record<string, unknown>>({
        name,
        text,
        values: [...values],
      })
      return rows
    } catch (cause) {
      throw new UnavailableError('engagement', { cause })
    }
  }
  const grants = openGrantStore(database)
  const putMany = (batch: EngagementBatch): Promise<void> =>
    written(database, (client) => put(client, batch, hide))

  return {
    whoIs: async (issuer, externalId, now) => {
      if (isNoText(issuer) || isNoText(externalId)) return null
      const rows = await ask<PersonRow>('who-is', WHO_IS, [issuer, hide(issuer, externalId), now])
      const [first] = rows
      if (first === undefined) return null
      const operator: Operator = { id: first.id, issuer, externalId, kind: first.kind }
      const known = { operator, assignments: rows.flatMap((row) => toAssignment(operator, row)) }
      const instructions = rows.flatMap((row) => toInstruction(operator, row))
      return instructions.length === 0 ? known : { ...known, instructions }
    },
    ticket: async (id) => {
      if (isNoText(id)) return null
      const [row] = await ask<TicketRow>('ticket', 'SELECT * FROM varco.tickets WHERE id = $1', [id])
      return row === undefined ? null : toTicket(row)
    },
    contractState: async (id) => {
      const [row] = await ask<StateRow>(
        'contract-state',
        'SELECT * FROM varco.contract_states WHERE contract = $1',
        [id],
      )
      return row === undefined
        ? null
        : { contract: row.contract, processor: row.processor, state: row.state, since: BigInt(row.since_us) }
    },
    grant: (id) => grants.grant(id),
    putMany,
    putContractState: (state) => putMany({ contracts: [state] }),
    putOperator: (operator) => putMany({ operators: [operator] }),
    putAssignment: (assignment) => putMany({ assignments: [assignment] }),
    putTicket: (ticket) => putMany({ tickets: [ticket] }),
    watch: (listener) =>
      listen({
        url: database.url,
        channel: ENGAGEMENT_CHANNEL,
        onMessage: (payload) => {
          listener(JSON.parse(payload) as EngagementChange)
        },
        onGap: () => {
          listener({ kind: 'everything' })
        },
      }),
  }
}

/** PostgreSQL's text holds every character but NUL; nothing stored can be called so. */
function isNoText(text: string): boolean {
  return text.includes('\0')
}

async function written(database: Database, work: (client: PoolClient) => Promise<void>): Promise<void> {
  try {
    await inTransaction(database.pool, work)
  } catch (cause) {
    throw conflict(cause) ?? new UnavailableError('engagement', { cause })
  }
}

function conflict(cause: unknown): EngagementConflictError | null {
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined
  if (code === '23505') return new EngagementConflictError('identity-taken', { cause })
  return code === '23503' ? new EngagementConflictError('unknown-operator', { cause }) : null
}

/**
 * A contract's end lets records go. Whoever moves one that stands waits for what goes by it at that moment; an end that is
 * new waits for nobody.
 */
async function waitForSlices(client: PoolClient, contracts: readonly ContractState[]): Promise<void> {
  if (contracts.length === 0) return
  const { rows } = await client.query<{ state: ContractState['state'] }>(
    // Locked in one order: whoever else moves them waits, and is waited for.
    'SELECT state FROM varco.contract_states WHERE contract = ANY($1::text[]) ORDER BY contract FOR UPDATE',
    [contracts.map(({ contract }) => contract)],
  )
  if (rows.some(isOver)) await client.query(`SELECT pg_advisory_xact_lock(${HOLDS_LOCK})`)
}

async function put(client: PoolClient, batch: EngagementBatch, hide: HideIdentity): Promise<void> {
  const { contracts = [], operators = [], assignments = [], tickets = [] } = batch
  await waitForSlices(client, contracts)
  await upsert(
    client,
    CONTRACT_STATES,
    contracts.map(({ since, ...rest }) => ({ ...rest, since_us: String(since) })),
  )
  await upsert(
    client,
    OPERATORS,
    operators.map(({ externalId, ...rest }) => ({ ...rest, external_id: hide(rest.issuer, externalId) })),
  )
  await upsert(
    client,
    ASSIGNMENTS,
    assignments.map(({ from, to, ...rest }) => ({
      ...rest,
      from_us: String(from),
      to_us: to === null ? null : String(to),
    })),
  )
  await upsert(
    client,
    TICKETS,
    tickets.map(({ dataSubject, openedAt, closedAt, ...rest }) => ({
      ...rest,
      data_subject: dataSubject,
      opened_us: String(openedAt),
      closed_us: closedAt === null ? null : String(closedAt),
    })),
  )
  // Heard at commit, never before.
  if (contracts.length > 0) await tell(client, { kind: 'contracts' })
  if (operators.length + assignments.length > 0) await tell(client, { kind: 'people' })
  const [ticket, ...others] = tickets
  if (ticket !== undefined)
    await tell(client, others.length === 0 ? { kind: 'ticket', id: ticket.id } : { kind: 'tickets' })
}

async function tell(client: PoolClient, change: EngagementChange): Promise<void> {
  await client.query('SELECT pg_notify($1, $2)', [...engagementNotice(change)])
}

interface Table {
  readonly name: string
  readonly key: readonly string[]
  readonly rest: readonly string[]
}

const CONTRACT_STATES: Table = {
  name: 'contract_states',
  key: ['contract'],
  rest: ['processor', 'state', 'since_us'],
}
const OPERATORS: Table = { name: 'operators', key: ['id'], rest: ['issuer', 'external_id', 'kind'] }
const ASSIGNMENTS: Table = {
  name: 'assignments',
  key: ['operator', 'pseudonym', 'from_us'],
  rest: ['contract', 'role', 'unit', 'attributes', 'to_us'],
}
const TICKETS: Table = {
  name: 'tickets',
  key: ['id'],
  rest: ['contract', 'data_subject', 'purpose', 'status', 'opened_us', 'closed_us'],
}

/** Inserts rows, replacing those with the same key; of two in one batch the last counts. */
async function upsert(
  client: PoolClient,
  table: Table,
  rows: readonly Readonly<Record<string, unknown>>[],
): Promise<void> {
  if (rows.length === 0) return
  const last = new Map(rows.map((row) => [JSON.stringify(table.key.map((column) => row[column])), row]))
  const columns = [...table.key, ...table.rest].join(', ')
  await client.query(
    `INSERT INTO varco.${table.name} (${columns})
     SELECT ${columns} FROM json_populate_recordset(NULL::varco.${table.name}, $1)
     ON CONFLICT (${table.key.join(', ')}) DO UPDATE SET ${table.rest.map((column) => `${column} = excluded.${column}`).join(', ')}`,
    [JSON.stringify([...last.values()])],
  )
}

const WHO_IS = `
  SELECT o.id, o.kind, a.contract, a.pseudonym, a.role, a.unit, a.attributes, a.from_us, a.to_us,
    i.instructed_by, i.from_us AS said_us, i.until_us
  FROM varco.operators o
  LEFT JOIN varco.assignments a ON a.operator = o.id AND a.from_us <= $3 AND (a.to_us IS NULL OR $3 < a.to_us)
  LEFT JOIN varco.instructions i ON i.pseudonym = a.pseudonym AND i.operator = o.id AND $3 < i.until_us
  WHERE o.issuer = $1 AND o.external_id = $2
  ORDER BY a.from_us, a.pseudonym COLLATE "C"`

/** A row of `WHO_IS`: the operator, beside one of their assignments or none. */
interface PersonRow {
  readonly id: Operator['id']
  readonly kind: Operator['kind']
  readonly contract: Assignment['contract']
  readonly pseudonym: Assignment['pseudonym'] | null
  readonly role: string
  readonly unit: string
  readonly attributes: string
  readonly from_us: string
  readonly to_us: string | null
  readonly instructed_by: string | null
  readonly said_us: string
  readonly until_us: string
}

function toInstruction(operator: Operator, row: PersonRow): readonly Instruction[] {
  const { pseudonym, instructed_by: instructedBy, said_us: from, until_us: until } = row
  if (pseudonym === null || instructedBy === null) return []
  return [{ operator: operator.id, pseudonym, instructedBy, from: BigInt(from), until: BigInt(until) }]
}

function toAssignment(operator: Operator, row: PersonRow): readonly Assignment[] {
  if (row.pseudonym === null) return []
  const { contract, pseudonym, role, unit } = row
  return [
    {
      ...{ operator: operator.id, contract, pseudonym, role, unit },
      attributes: JSON.parse(row.attributes) as Assignment['attributes'],
      from: BigInt(row.from_us),
      to: row.to_us === null ? null : BigInt(row.to_us),
    },
  ]
}

interface TicketRow extends Pick<Ticket, 'id' | 'contract' | 'purpose' | 'status'> {
  readonly data_subject: string | null
  readonly opened_us: string
  readonly closed_us: string | null
}

function toTicket(row: TicketRow): Ticket {
  const { id, contract, purpose, status } = row
  return {
    ...{ id, contract, purpose, status, dataSubject: row.data_subject },
    openedAt: BigInt(row.opened_us),
    closedAt: row.closed_us === null ? null : BigInt(row.closed_us),
  }
}

interface StateRow extends Pick<ContractState, 'contract' | 'processor' | 'state'> {
  readonly since_us: string
}
