import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { actDraft, type AccessLog } from '@varco/access-log'
import {
  openRecipientNotices,
  openRestrictionStore,
  openRetentionStore,
  openUpstreamOutbox,
  postgresLivesInLog,
  postgresRetentionRecords,
  postgresShownUnder,
  postgresToldInLog,
} from '@varco/postgres'
import { upstreamDisposal } from '@varco/proxy'
import {
  certificateSigner,
  contractEndsIn,
  keyHash,
  recipientsIn,
  type RetentionDesk,
} from '@varco/retention'
import { archiveFolder } from './archive-folder.ts'
import type { Services } from './services.ts'

/** What retention works with; its acts go into `log`, and the log's key signs its certificates. */
export function retentionDesk(
  { databases, clock, policy, keys, home, reader, copies, upstreams, contractLife }: Services,
  log: Pick<AccessLog, 'append'>,
): RetentionDesk {
  return {
    bundle: () => policy.current(),
    records: postgresRetentionRecords(databases.records),
    store: openRetentionStore(databases.state),
    archive: archiveFolder(home.archive),
    restrictions: openRestrictionStore(databases.state),
    shownUnder: postgresShownUnder(databases.state),
    toldInLog: postgresToldInLog(databases.state),
    contractEnds: contractEndsIn(contractLife, postgresLivesInLog(databases.state), () => policy.current()),
    recipients: recipientsIn(reader, copies),
    notices: openRecipientNotices(databases.state),
    upstreams: upstreamDisposal(upstreams.pools),
    outbox: openUpstreamOutbox(databases.state),
    log: { append: ({ kind, ...particulars }) => log.append(actDraft(kind, particulars)) },
    clock,
    newId: randomUUID,
    hashKey: keyHash(keys.mask),
    sign: certificateSigner(keys.log.signing, keys.log.origin),
    pause: (ms) => sleep(ms),
  }
}
