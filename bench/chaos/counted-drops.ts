/** The agent's last line, at level debug. */
const FINISHED = /spans delivered, (none dropped|dropped: )/
const SUMMARY = /spans delivered, dropped: ([^\n]*)/g
/** What the agent says when the time at the end was not enough and nothing is kept. */
const LOST_AT_EXIT = /(\d+) spans were not delivered in the [^\n]* and are lost/g
/** What the batch processor of OpenTelemetry says. */
const STOCK_DROPS = /Dropped (\d+) spans/g

/**
 * How many spans a program has said that it did not deliver.
 *
 * @param stderr of one process
 * @param status what its status file says, as JSON; counts where it did not come to its summary
 * @returns by reason
 */
export function countedDrops(stderr: string, status: string): Map<string, number> {
  const drops = new Map<string, number>()
  const add = (reason: string, count: string | undefined): void => {
    drops.set(reason, (drops.get(reason) ?? 0) + Number(count))
  }
  // Each time it is asked to finish, the summary counts from the beginning.
  const last = [...stderr.matchAll(SUMMARY)].at(-1)?.[1] ?? ''
  for (const [, reason, count] of last.matchAll(/(\w+): (\d+)/g)) add(reason ?? '', count)
  if (!FINISHED.test(stderr)) {
    const { dropped = {} } = JSON.parse(status) as { dropped?: Record<string, number> }
    for (const [reason, count] of Object.entries(dropped)) add(reason, String(count))
  }
  const atExit = [...stderr.matchAll(LOST_AT_EXIT)].at(-1)
  if (atExit && last === '') add('undelivered_at_exit', atExit[1])
  for (const [, count] of stderr.matchAll(STOCK_DROPS)) add('queue_full', count)
  return drops
}
