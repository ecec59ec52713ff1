import { Word } from './control-block.ts'

/** Why deliveries fail, as alerts name it. The order is what crosses the threads. */
export const ALERT_CAUSES = [
  'connection',
  'timeout',
  'throttled',
  'credentials',
  'rejected-data',
  'server',
  'unknown',
] as const

/** The message that subscribers of the channel get; documented in README. */
export type DeliveryAlert =
  /** Too many requests have failed since the last success; fewer spans are recorded from now on. */
  | { readonly state: 'failing'; readonly cause: (typeof ALERT_CAUSES)[number] }
  /** A request has succeeded again. */
  | { readonly state: 'recovered' }

/** The lower bits hold the state, the upper ones count, so that each alert changes the word. */
const STATE_BITS = 4
const STATE_MASK = (1 << STATE_BITS) - 1

/** Hands an alert to whoever waits on the word; called in the export thread. */
export function writeAlert(control: Int32Array, alert: DeliveryAlert): void {
  const state = alert.state === 'failing' ? ALERT_CAUSES.indexOf(alert.cause) + 1 : 0
  const count = (Atomics.load(control, Word.alert) >> STATE_BITS) + 1
  Atomics.store(control, Word.alert, (count << STATE_BITS) | state)
  Atomics.notify(control, Word.alert)
}

/**
 * Calls back in this thread for each alert; two that come faster than the event loop turns are one, the later. Waits on
 * the memory itself: costs nothing until an alert comes, and does not keep the process alive.
 *
 * @param control control block of the queue
 * @param onAlert must not throw
 */
export function watchAlerts(control: Int32Array, onAlert: (alert: DeliveryAlert) => void): void {
  void watch()

  async function watch(): Promise<never> {
    let known = Atomics.load(control, Word.alert)
    for (;;) {
      const wait = Atomics.waitAsync(control, Word.alert, known)
      if (wait.async) await wait.value
      known = Atomics.load(control, Word.alert)
      const cause = ALERT_CAUSES[(known & STATE_MASK) - 1]
      onAlert(cause ? { state: 'failing', cause } : { state: 'recovered' })
    }
  }
}
