import type pg from 'pg'
import { serialize } from 'pg-protocol'
import type { CopyRows } from './log-copy-rows.ts'

/** A statement that the connection has prepared, with its parameters. */
export interface PreparedStep {
  readonly prepared: string
  readonly values: readonly (string | Buffer)[]
}

/** A statement without parameters, of a kind that cannot be prepared. */
export interface PlainStep {
  readonly plain: string
}

export type TransactionStep = PreparedStep | PlainStep | CopyRows

export interface TransactionOutcome {
  readonly isCommitted: boolean
  /** Why it was not committed; `null` when it was, and when the gate stayed shut. */
  readonly failure: Error | null
  /** The step that failed; `null` when none did, or when that is not known. */
  readonly failed: TransactionStep | null
}

/** Steps that wait, inside the transaction, for the word that they may follow. `false` rolls all of it back. */
export interface GatedSteps {
  readonly gate: Promise<boolean>
  readonly steps: readonly TransactionStep[]
}

/** Runs the steps as one transaction; on a failure the connection is left in it. Nothing else may be under way on the connection. */
export function runTransaction(
  client: pg.Client,
  steps: readonly TransactionStep[],
  gated?: GatedSteps,
): Promise<TransactionOutcome> {
  return new Promise((resolve) => {
    client.query(new Transaction(steps, gated, resolve))
  })
}

/** What `pg` calls on a query; its types leave most of it out. */
interface Complete {
  readonly text: string
}

/** What every transaction takes, prepared by `prepare`: parsing a COMMIT anew costs as much as running it. */
const TRANSACTION = { log_begin: 'BEGIN', log_commit: 'COMMIT', log_rollback: 'ROLLBACK' } as const

const EXECUTE = serialize.execute()
const SYNC = serialize.sync()
const COPY_DONE = serialize.copyDone()
const BEGIN = run('log_begin')
const COMMIT = [...run('log_commit'), SYNC]
const ROLLBACK = [...run('log_rollback'), SYNC]
/** A COPY's rows go out in one message: type and length. */
const COPY_HEADER_BYTES = 5
const COPY_DATA = 0x64

/** Prepares statements by name on the connection, and those that open and close a transaction, in one round trip. */
export function prepare(client: pg.Client, statements: Readonly<Record<string, string>>): Promise<void> {
  return new Promise((resolve, reject) => {
    client.query(
      new Preparation({ ...TRANSACTION, ...statements }, (failure) => {
        if (failure === null) resolve()
        else reject(failure)
      }),
    )
  })
}

/** What `pg` calls on a query that has no rows to read. */
abstract class Exchange implements pg.Submittable {
  /** `pg` puts its own before it, to know when the query is over. */
  callback: (failure: Error | null) => void

  constructor(callback: (failure: Error | null) => void) {
    this.callback = callback
  }

  abstract submit(connection: pg.Connection): void

  handleError(error: Error): void {
    this.callback(error)
  }

  handleReadyForQuery(): void {
    this.callback(null)
  }

  handleCommandComplete(_complete: Complete): void {}

  handleRowDescription(): void {}

  handleDataRow(): void {}

  handleCopyInResponse(): void {}
}

class Preparation extends Exchange {
  readonly #statements: Readonly<Record<string, string>>

  constructor(statements: Readonly<Record<string, string>>, callback: (failure: Error | null) => void) {
    super(callback)
    this.#statements = statements
  }

  submit({ stream }: pg.Connection): void {
    const messages = Object.entries(this.#statements).map(([name, text]) => serialize.parse({ name, text }))
    stream.write(Buffer.concat([...messages, SYNC]))
  }
}

/**
 * All of a transaction in one write and one round trip, or in two writes where it is gated. PostgreSQL answers an error by skipping
 * to the Sync at the end, COMMIT and all. The data of a COPY is sent without being asked for: where the COPY is skipped, so is its data.
 */
class Transaction extends Exchange {
  readonly #steps: readonly TransactionStep[]
  readonly #gated: GatedSteps | undefined
  /** Commands that completed: BEGIN first. */
  #completed = 0
  #last = ''
  #isShut = false
  #isOver = false

  constructor(
    steps: readonly TransactionStep[],
    gated: GatedSteps | undefined,
    resolve: (outcome: TransactionOutcome) => void,
  ) {
    super((failure) => {
      this.#isOver = true
      resolve(this.#outcome(failure))
    })
    this.#steps = steps
    this.#gated = gated
  }

  override submit(connection: pg.Connection): void {
    const messages = [...BEGIN, ...this.#steps.flatMap(messagesOf)]
    if (this.#gated === undefined) messages.push(...COMMIT)
    connection.stream.write(Buffer.concat(messages))
    if (this.#gated !== undefined) void this.#follow(connection, this.#gated)
  }

  override handleCommandComplete({ text }: Complete): void {
    this.#completed++
    this.#last = text
  }

  async #follow({ stream }: pg.Connection, { gate, steps }: GatedSteps): Promise<void> {
    const isOpen = await gate
    // Failed meanwhile: whoever asked has given the connection up.
    if (this.#isOver) return
    this.#isShut = !isOpen
    stream.write(Buffer.concat(isOpen ? [...steps.flatMap(messagesOf), ...COMMIT] : ROLLBACK))
  }

  #outcome(failure: Error | null): TransactionOutcome {
    const isCommitted = failure === null && this.#last === 'COMMIT'
    const steps = [...this.#steps, ...(this.#gated?.steps ?? [])]
    return {
      isCommitted,
      // A server may turn a COMMIT into a ROLLBACK and say no more.
      failure: failure ?? (isCommitted || this.#isShut ? null : new Error('the transaction was rolled back')),
      failed: failure === null ? null : (steps[this.#completed - 1] ?? null),
    }
  }
}

/** Running a statement that the connection has prepared. */
function run(statement: string, values: readonly (string | Buffer)[] = []): readonly Buffer[] {
  return [serialize.bind({ statement, values: [...values] }), EXECUTE]
}

function messagesOf(step: TransactionStep): readonly Buffer[] {
  if ('prepared' in step) return run(step.prepared, step.values)
  if ('plain' in step) return [serialize.parse({ text: step.plain }), serialize.bind(), EXECUTE]
  const header = Buffer.allocUnsafe(COPY_HEADER_BYTES)
  header[0] = COPY_DATA
  header.writeUInt32BE(COPY_HEADER_BYTES - 1 + step.data.length, 1)
  return [...run(step.copy), header, step.data, COPY_DONE]
}
