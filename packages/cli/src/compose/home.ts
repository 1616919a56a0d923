import path from 'node:path'
import type { Config } from '@varco/core'

/** Where this installation keeps what is not in the database. */
export interface Home {
  readonly dir: string
  /** The embedded server, when no DATABASE_URL is given. */
  readonly postgres: string
  /** Keys: outside the database, so that its superuser cannot forge with them. */
  readonly keys: string
  readonly reports: string
  /** Certificates of destruction. */
  readonly certificates: string
  /** Records that were archived before they were erased: personal data. */
  readonly archive: string
  /** Checkpoints published outside the database. */
  readonly anchor: string
  /** What the demo keeps between starts. */
  readonly demo: string
}

export function homeOf(config: Config): Home {
  const dir = path.resolve(config.VARCO_HOME)
  return {
    dir,
    postgres: path.join(dir, 'postgres'),
    keys: path.resolve(config.VARCO_KEYS ?? path.join(dir, 'keys')),
    reports: path.join(dir, 'reports'),
    certificates: path.join(dir, 'certificates'),
    archive: path.join(dir, 'archive'),
    anchor: path.resolve(config.VARCO_ANCHOR ?? path.join(dir, 'anchor', 'checkpoints.txt')),
    demo: path.join(dir, 'demo'),
  }
}
