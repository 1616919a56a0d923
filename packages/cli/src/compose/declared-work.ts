import type { AccessLog, AccessLogReader, EventKind, StoredEvent } from '@varco/access-log'
import {
  declaredWorkCounts,
  sealedWorkKeys,
  type DeclaredWorkCounts,
  type WorkClosing,
  type WorkClosings,
  type WorkDesk,
  type WorkKeyOwner,
  type WorkStore,
} from '@varco/engagement'
import { openWorkStore } from '@varco/postgres'
import { actLog } from './act-log.ts'
import type { Services } from './services.ts'

/** Work off the system, on real stores; its keys are sealed under the vault's secret, which is not in the database. */
export function workDesk(
  { databases, keys, reader }: Services,
  log: AccessLog,
): WorkDesk & { readonly store: WorkStore; readonly closings: WorkClosings } {
  return {
    store: openWorkStore(databases.state),
    keys: sealedWorkKeys(keys.vault),
    log: actLog(log),
    closings: workClosings(reader),
  }
}

/** What was declared, held against what the log closed. */
export function countedWork({
  databases,
  reader,
}: Pick<Services, 'databases' | 'reader'>): DeclaredWorkCounts {
  return declaredWorkCounts({ store: openWorkStore(databases.state), closings: workClosings(reader) })
}

function workClosings(reader: Pick<AccessLogReader, 'search'>): WorkClosings {
  const told = async (kind: EventKind, { contract, month }: WorkKeyOwner): Promise<readonly WorkClosing[]> =>
    (await everyEventOf(reader, kind, contract))
      .filter(({ detail }) => detail?.['month'] === month)
      .map(closingOf)
      .toSorted((a, b) => (a.at < b.at ? -1 : 1))
  return {
    of: async (owner) => ({
      closed: await told('work-month-closed', owner),
      asked: await told('work-reclosing-asked', owner),
    }),
  }
}

function closingOf({ id, at, operator, detail }: StoredEvent): WorkClosing {
  const text = (key: string): string | null => {
    const value = detail?.[key]
    return typeof value === 'string' ? value : null
  }
  return {
    ...{ event: id, at, by: operator, declared: text('declared') ?? '' },
    ...{ replaces: text('replaces'), asked: text('asked') },
  }
}

const PAGE = 500

/** Every event of a kind about a contract. */
export async function everyEventOf(
  reader: Pick<AccessLogReader, 'search'>,
  kind: EventKind,
  contract: string,
): Promise<readonly StoredEvent[]> {
  const all: StoredEvent[] = []
  for (let after: string | null | undefined; after !== null;) {
    const page = await reader.search({
      ...{ kind, contract, limit: PAGE },
      ...(after === undefined ? {} : { after }),
    })
    all.push(...page.events)
    after = page.next
  }
  return all
}
