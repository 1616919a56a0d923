import type { LogReadStore } from '../store/log-read-store.ts'
import { RangeScan } from './range-scan.ts'
import type { ScanReport, ScanTask } from './scan-report.ts'
import { Walk } from './walk.ts'

/** Looks through a piece of a tree: events, side rows and checkpoints side by side, each once, in constant memory. */
export async function scanRange(
  store: Pick<LogReadStore, 'walkEvents' | 'walkSideRows' | 'walkCheckpoints'>,
  task: ScanTask,
): Promise<ScanReport> {
  const from = task.first ? Number.NEGATIVE_INFINITY : task.from
  const to = task.last ? Number.POSITIVE_INFINITY : task.to
  await using sideRows = new Walk(store.walkSideRows(task.tree, { from, to }))
  await using checkpoints = new Walk(
    store.walkCheckpoints(task.tree, { from, to: task.last ? to : task.to + 1 }),
  )
  const scan = new RangeScan(task, sideRows, checkpoints)
  for await (const events of store.walkEvents(task.tree, { from, to })) {
    const last = events.at(-1)?.seq ?? from
    await sideRows.reach(({ seq }) => seq > last)
    await checkpoints.reach(({ size }) => size > last + 1)
    for (const event of events) scan.event(event)
  }
  for (;;) {
    await sideRows.reach(() => true)
    await checkpoints.reach(() => true)
    if (sideRows.row === undefined && checkpoints.row === undefined) return scan.report()
    scan.strays()
  }
}
