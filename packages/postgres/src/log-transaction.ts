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
  /** Steps that ran, committed or not. */
  readonly ran: number
  /** Why it was not committed; `null` when it was. */
  readonly failure: Error | null
}

/** Runs the steps as one transaction; on a failure the connection is left in it. Nothing else may be under way on the connection. */
export function runTransaction(
  client: pg.Client,
  steps: readonly TransactionStep[],
): Promise<TransactionOutcome> {
  return new Promise((resolve) => {
    client.query(new Transaction(steps, resolve))
  })
}

/** What `pg` calls on a query; its types leave most of it out. */
interface Complete {
  readonly text: string
}

const COPY_DATA = 0x64
const COPY_DONE = Buffer.from([0x63, 0, 0, 0, 4])

/**
 * All of a transaction in one write and one round trip. PostgreSQL answers an error by skipping to the Sync at the end, COMMIT
 * and all. The data of a COPY is sent without being asked for: where the COPY is skipped, so is its data.
 */
class Transaction implements pg.Submittable {
  /** `pg` puts its own before it, to know when the query is over. */
  callback: (failure: Error | null) => void
  readonly #steps: readonly TransactionStep[]
  /** Commands that completed: BEGIN first. */
  #completed = 0
  #last = ''

  constructor(steps: readonly TransactionStep[], resolve: (outcome: TransactionOutcome) => void) {
    this.#steps = steps
    this.callback = (failure) => {
      resolve({ ran: Math.max(this.#completed - 1, 0), failure: failure ?? this.#refusal() })
    }
  }

  readonly submit = (connection: pg.Connection): void => {
    const { stream } = connection
    stream.cork()
    try {
      execute(connection, 'BEGIN')
      for (const step of this.#steps) {
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
          stream.write(header)
          stream.write(step.data)
          stream.write(COPY_DONE)
        }
      }
      execute(connection, 'COMMIT')
      connection.sync()
    } finally {
      stream.uncork()
    }
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

  /** For a server that turns a COMMIT into a ROLLBACK and says no more. */
  #refusal(): Error | null {
    return this.#last === 'COMMIT' ? null : new Error('the transaction was rolled back')
  }
}

function execute(connection: pg.Connection, text: string): void {
  connection.parse({ name: '', text } as pg.QueryParse, true)
  connection.bind({}, true)
  connection.execute(null, true)
}
