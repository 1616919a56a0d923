import type pg from 'pg'
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

const COPY_DATA = 0x64
const COPY_DONE = Buffer.from([0x63, 0, 0, 0, 4])

/**
 * All of a transaction in one write and one round trip, or in two writes where it is gated. PostgreSQL answers an error by skipping
 * to the Sync at the end, COMMIT and all. The data of a COPY is sent without being asked for: where the COPY is skipped, so is its data.
 */
class Transaction implements pg.Submittable {
  /** `pg` puts its own before it, to know when the query is over. */
  callback: (failure: Error | null) => void
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
    this.#steps = steps
    this.#gated = gated
    this.callback = (failure) => {
      this.#isOver = true
      const isCommitted = failure === null && this.#last === 'COMMIT'
      const all = gated === undefined ? steps : [...steps, ...gated.steps]
      resolve({
        isCommitted,
        // A server may turn a COMMIT into a ROLLBACK and say no more.
        failure:
          failure ?? (isCommitted || this.#isShut ? null : new Error('the transaction was rolled back')),
        failed: failure === null ? null : (all[this.#completed - 1] ?? null),
      })
    }
  }

  readonly submit = (connection: pg.Connection): void => {
    writeTogether(connection, () => {
      execute(connection, 'BEGIN')
      for (const step of this.#steps) send(connection, step)
      if (this.#gated === undefined) end(connection, 'COMMIT')
    })
    if (this.#gated !== undefined) void this.#follow(connection, this.#gated)
  }

  async #follow(connection: pg.Connection, { gate, steps }: GatedSteps): Promise<void> {
    const isOpen = await gate
    // Failed meanwhile: whoever asked has given the connection up.
    if (this.#isOver) return
    this.#isShut = !isOpen
    writeTogether(connection, () => {
      if (isOpen) for (const step of steps) send(connection, step)
      end(connection, isOpen ? 'COMMIT' : 'ROLLBACK')
    })
  }

  handleCommandComplete({ text }: Complete): void {
    this.#completed++
    this.#last = text
  }

  handleError(error: Error): void {
    this.callback(error)
  }

  handleReadyForQuery(): void {
    this.callback(null)
  }

  handleRowDescription(): void {}

  handleDataRow(): void {}

  handleCopyInResponse(): void {}
}

function writeTogether({ stream }: pg.Connection, write: () => void): void {
  stream.cork()
  try {
    write()
  } finally {
    stream.uncork()
  }
}

function send(connection: pg.Connection, step: TransactionStep): void {
  if ('prepared' in step) {
    connection.bind({ statement: step.prepared, values: [...step.values] }, true)
    connection.execute(null, true)
  } else if ('plain' in step) {
    execute(connection, step.plain)
  } else {
    execute(connection, step.copy)
    const header = Buffer.alloc(5)
    header[0] = COPY_DATA
    header.writeUInt32BE(4 + step.data.length, 1)
    connection.stream.write(header)
    connection.stream.write(step.data)
    connection.stream.write(COPY_DONE)
  }
}

function end(connection: pg.Connection, text: 'COMMIT' | 'ROLLBACK'): void {
  execute(connection, text)
  connection.sync()
}

function execute(connection: pg.Connection, text: string): void {
  connection.parse({ name: '', text } as pg.QueryParse, true)
  connection.bind({}, true)
  connection.execute(null, true)
}
