/** What a client remembers of how the service has taken its writes. */
export interface FleetPace {
  /** Milliseconds between two writes at least. */
  readonly intervalMs: number
  /** Writes accepted in a row; refused ones count below 0. */
  readonly streak: number
}

const MINUTE_MS = 60_000
const SHORTEST_MS = MINUTE_MS
const LONGEST_MS = 12 * 60 * MINUTE_MS

/** Of a client that knows nothing yet. */
export const FIRST_PACE: FleetPace = { intervalMs: SHORTEST_MS, streak: 0 }

/** Of a client that keeps nothing from one process to the next, where each would start anew. */
export const CAUTIOUS_PACE: FleetPace = { intervalMs: 4 * 60 * MINUTE_MS, streak: 0 }

/** How much longer the interval becomes by the first refusal in a row, the second, and so on. */
const LONGER = [1.06, 1.07, 1.08, 1.1, 1.15]
/** An accepted write shortens an interval of one minute by this part, and longer ones by more. */
const SHORTER = 0.0006
const SHORTER_POWER = 0.25
/** So many accepted in a row are no luck: there is room. */
const LONG_STREAK = 400
const ROOM_FACTOR = 1.01
const JITTER = 0.25

/**
 * The pace after a write: a refusal makes the interval longer, an accepted write shorter by much less, so that a fleet
 * comes to rest where a few writes in a hundred are refused. Slow clients speed up more than fast ones, which makes all
 * equal in time, as additive increase does in TCP; the power is smaller than there, since the clients of a large fleet
 * would be refused too often. Steps are small: a client of a million writes a few times a day, and cannot tell bad luck
 * from overload by one refusal.
 *
 * @param gapMs milliseconds since the write before; a client that has little to send uses less than its pace, and is
 *   measured by what it used
 * @see Chiu and Jain, "Analysis of the increase and decrease algorithms for congestion avoidance in computer networks",
 *   Computer Networks and ISDN Systems 17, 1989; docs/FLEET.md for what it leads to
 */
export function paceAfter({ intervalMs, streak }: FleetPace, accepted: boolean, gapMs: number): FleetPace {
  if (!accepted) {
    const refusals = streak < 0 ? -streak : 0
    const longer = LONGER[Math.min(refusals, LONGER.length - 1)] ?? 1
    return { intervalMs: bounded(Math.max(intervalMs, gapMs / (1 + JITTER)) * longer), streak: -refusals - 1 }
  }
  const accepts = streak > 0 ? streak : 0
  // It has not tried what its pace allows, so nothing is learnt.
  if (gapMs > intervalMs * (1 + 2 * JITTER)) return { intervalMs, streak: accepts + 1 }
  const room = accepts >= LONG_STREAK ? ROOM_FACTOR : 1
  const shorter = (1 + SHORTER * (intervalMs / MINUTE_MS) ** SHORTER_POWER) * room
  return { intervalMs: bounded(intervalMs / shorter), streak: accepts + 1 }
}

/**
 * The pause before the next write: the interval or more, so that clients that once wrote together do not go on doing so.
 *
 * @param random from 0 to 1
 * @returns milliseconds
 */
export function nextPause({ intervalMs }: FleetPace, random: number): number {
  return intervalMs * (1 + JITTER * random)
}

function bounded(intervalMs: number): number {
  return Math.min(LONGEST_MS, Math.max(SHORTEST_MS, intervalMs))
}
