import { type Finding, finding } from '../findings/finding.ts'

const CALLS = /^process \d+: (\d+) root calls, (\d+) sampled$/
const MADE = /^process (\d+): (\d+) spans made$/
const SUMMARY = /^(\d+) spans delivered, (.+)$/
const DROPPED = /(\w+): (\d+)/g
const LIMITS = new Set(['spans_per_minute', 'spans_per_hour', 'bytes_per_minute'])
/** Dropped before they were in the queue that is counted. */
const BEFORE_QUEUE = new Set(['queue_full', 'too_large', 'fallback_mode', 'thread_stopped'])

/**
 * What became of the spans of a program, from what the agent says at level `debug` in all its processes and threads. What
 * a killed one did not come to say is missing.
 *
 * @param messages without time and level
 */
export function programOutcome(messages: readonly string[]): Finding {
  const draws = messages.flatMap((message) => numbersOf(CALLS.exec(message)))
  const calls = sum(draws.map(([all = 0]) => all))
  const sampled = sum(draws.map(([, some = 0]) => some))
  const counted = draws.length === 0 ? {} : { calls, sampled }
  const summaries = messages.flatMap((message) => SUMMARY.exec(message)?.slice(1) ?? [])
  if (summaries.length === 0) return finding('no-calls', counted)

  const delivered = sum(messages.map((message) => Number(SUMMARY.exec(message)?.[1] ?? 0)))
  const drops = messages
    .filter((message) => SUMMARY.test(message))
    .flatMap((message) => [...message.matchAll(DROPPED)])
    .map(([, reason = '', count]) => ({ reason, count: Number(count) }))
    .filter(({ reason }) => reason !== 'dropped')
  const dropped = sum(drops.map(({ count }) => count))
  const limited = sum(drops.filter(({ reason }) => LIMITS.has(reason)).map(({ count }) => count))
  const unqueued = sum(drops.filter(({ reason }) => BEFORE_QUEUE.has(reason)).map(({ count }) => count))
  const made = sum(madeByProcess(messages)) + unqueued
  return finding(dropped === 0 ? 'spans-delivered' : 'spans-dropped', {
    ...counted,
    made,
    delivered,
    limited,
    dropped,
    // What was left over by earlier processes is delivered too.
    waiting: Math.max(0, made - delivered - dropped),
    reasons: reasonsOf(drops),
  })
}

/** A process may come to its end twice, when an exit listener of its own makes more spans. */
function madeByProcess(messages: readonly string[]): number[] {
  const last = new Map<string, number>()
  for (const message of messages) {
    const [, pid, spans] = MADE.exec(message) ?? []
    if (pid !== undefined) last.set(pid, Number(spans))
  }
  return [...last.values()]
}

function reasonsOf(drops: readonly { readonly reason: string; readonly count: number }[]): string {
  const totals = new Map<string, number>()
  for (const { reason, count } of drops) totals.set(reason, (totals.get(reason) ?? 0) + count)
  return [...totals].map(([reason, count]) => `${count} ${reason}`).join(', ')
}

function numbersOf(match: RegExpExecArray | null): number[][] {
  return match ? [match.slice(1).map(Number)] : []
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0)
}
