import {
  CAUTIOUS_PACE,
  FIRST_PACE,
  type FleetPace,
  nextPause,
  paceAfter,
} from '../../src/export/limits/fleet-pace.ts'
import { createFleetService } from './fleet-service.ts'

/** A fleet and what happens to it. */
export interface Scenario {
  readonly name: string
  readonly clients: number
  readonly hours: number
  /** From when on it is measured, in hours, and until when; default: the end. */
  readonly measuredFrom: number
  readonly measuredTo?: number
  /** Writes a minute that the service takes, by the hour; undefined: it is out. */
  readonly quota: (hour: number) => number | undefined
  /** How many clients are there, by the hour; default: all. */
  readonly present?: (hour: number) => number
  /** Part of the clients that never slow down. */
  readonly greedy?: number
}

/** What was seen. */
export interface FleetResult {
  /** Writes of every minute, of well-behaved clients. */
  readonly accepted: Float64Array
  readonly refused: Float64Array
  /** Writes of every minute, of the others. */
  readonly greedy: Float64Array
  /** How many of those were accepted in the measured time. */
  readonly greedyAccepted: number
  /** Writes that the outage swallowed. */
  readonly lost: Float64Array
  /** In the measured time, of well-behaved clients that keep their pace and always have a batch ready: accepted writes. */
  readonly shares: Float64Array
}

const SECOND_MS = 1000
const MINUTE_MS = 60 * SECOND_MS
const HOUR_MS = 60 * MINUTE_MS
const SLOTS = 16 * 3600
/** Part of the clients that always have a batch ready; the others have one every 15 minutes. */
const BUSY = 0.1
/** One in so many clients keeps nothing when its process ends: containers. */
const FORGETFUL_ONE_IN = 100
/** Until a machine has its next process. */
const LONGEST_GAP_MS = 10 * MINUTE_MS
const LIGHT_INTERVAL_MS = 15 * MINUTE_MS
const SHORTEST_LIFE_MS = 2 * SECOND_MS
const LONGEST_LIFE_MS = 7 * 24 * HOUR_MS
/** Median of the time from the decision to write until the service has it, and its spread (log-normal). */
const LATENCY_MS = 120
const LATENCY_SPREAD = 0.6

/**
 * Runs a fleet on the real policy: each client has its own state, and nothing in common with the others but the service.
 *
 * @param scale one simulated client stands for so many, and quota and presence are divided by it
 */
export function runFleet(scenario: Scenario, scale = 1, seed = 1): FleetResult {
  const { hours, measuredFrom, measuredTo = hours } = scenario
  const clients = scenario.clients / scale
  const random = createRandom(seed)
  const service = createFleetService((scenario.quota(0) ?? 0) / scale)
  const minutes = hours * 60
  const end = minutes * MINUTE_MS
  const accepted = new Float64Array(minutes)
  const refused = new Float64Array(minutes)
  const lost = new Float64Array(minutes)
  const greedy = new Float64Array(minutes)
  let greedyAccepted = 0
  const paces: FleetPace[] = Array.from({ length: clients }, (_, client) =>
    client % FORGETFUL_ONE_IN === FORGETFUL_ONE_IN - 1 ? CAUTIOUS_PACE : FIRST_PACE,
  )
  const lastWrite = new Float64Array(clients)
  const dies = new Float64Array(clients)
  const own = new Float64Array(clients)
  const heads = new Int32Array(SLOTS).fill(-1)
  const next = new Int32Array(clients).fill(-1)
  const isBusy = (client: number): boolean => client % 100 < BUSY * 100
  const isForgetful = (client: number): boolean => client % FORGETFUL_ONE_IN === FORGETFUL_ONE_IN - 1
  const isGreedy = (client: number): boolean => client % 1000 < (scenario.greedy ?? 0) * 1000

  function schedule(client: number, time: number): void {
    const slot = Math.floor(time / SECOND_MS) % SLOTS
    next[client] = heads[slot] ?? -1
    heads[slot] = client
  }

  function lifetime(): number {
    return SHORTEST_LIFE_MS * (LONGEST_LIFE_MS / SHORTEST_LIFE_MS) ** random()
  }

  /** When a client writes next that has just written, or just begun. */
  function planned(client: number, from: number): number {
    const pause = isGreedy(client) ? MINUTE_MS : nextPause(paces[client] ?? FIRST_PACE, random())
    const ready = isBusy(client) || isGreedy(client) ? 0 : LIGHT_INTERVAL_MS * (0.8 + 0.2 * random())
    let time = from + Math.max(pause, ready)
    // Its process may have ended by then; the next one on the machine takes over what lies in the folder, if it keeps any.
    while ((dies[client] ?? 0) < time) {
      const born = (dies[client] ?? 0) + random() * LONGEST_GAP_MS
      dies[client] = born + lifetime()
      if (isForgetful(client)) {
        paces[client] = CAUTIOUS_PACE
        lastWrite[client] = born
        time = born + nextPause(CAUTIOUS_PACE, random())
        if (time > end) break
      } else time = Math.max(time, born)
    }
    return time
  }

  let begun = 0
  let present = clients
  function begin(until: number, time: number): void {
    for (; begun < until; begun++) {
      dies[begun] = time + lifetime()
      lastWrite[begun] = time
      // A fleet that is rolled out begins within a quarter of an hour, not in one second.
      schedule(begun, time + 1000 + random() * LIGHT_INTERVAL_MS)
    }
  }

  for (let second = 0; second < hours * 3600; second++) {
    const hour = second / 3600
    if (second % 60 === 0) {
      present = scenario.present ? scenario.present(hour) / scale : clients
      begin(present, second * SECOND_MS)
      service.setQuota((scenario.quota(hour) ?? 1) / scale)
    }
    const out = scenario.quota(hour) === undefined
    const minute = Math.floor(second / 60)
    let client = heads[second % SLOTS] ?? -1
    heads[second % SLOTS] = -1
    const step = SECOND_MS / (countOf(client) + 1)
    for (let index = 1; client !== -1; index++) {
      const after = next[client] ?? -1
      const time = second * SECOND_MS + index * step
      write(client, time, minute, out, hour >= measuredFrom && hour < measuredTo)
      client = after
    }
  }

  function countOf(first: number): number {
    let count = 0
    for (let client = first; client !== -1; client = next[client] ?? -1) count++
    return count
  }

  function write(client: number, time: number, minute: number, out: boolean, measured: boolean): void {
    // Uninstalled, with all that it knew.
    if (client >= present) return
    const latency = LATENCY_MS * Math.exp(LATENCY_SPREAD * normal(random))
    if (out) count(lost, minute)
    else {
      const taken = service.write(time)
      if (isGreedy(client)) {
        count(greedy, minute)
        if (taken && measured) greedyAccepted++
      } else {
        count(taken ? accepted : refused, minute)
        if (taken && measured) count(own, client)
        paces[client] = paceAfter(paces[client] ?? FIRST_PACE, taken, time - (lastWrite[client] ?? 0))
      }
    }
    lastWrite[client] = time
    // Slots are a second wide; what would be this second is the next.
    schedule(client, Math.max(planned(client, time + latency), time + SECOND_MS))
  }

  const shares = own.filter(
    (_, client) => client < present && isBusy(client) && !isGreedy(client) && !isForgetful(client),
  )
  return { accepted, refused, greedy, greedyAccepted, lost, shares }
}

function count(counts: Float64Array, index: number): void {
  counts[index] = (counts[index] ?? 0) + 1
}

/** Jain's index: 1 where all have the same, 1/n where one has everything. */
export function fairness(shares: Float64Array): number {
  const sum = shares.reduce((total, share) => total + share, 0)
  const squares = shares.reduce((total, share) => total + share * share, 0)
  return squares === 0 ? 1 : (sum * sum) / (shares.length * squares)
}

/** Xorshift, so that a run can be repeated. */
function createRandom(seed: number): () => number {
  let state = seed | 0 || 1
  return () => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return (state >>> 0) / 2 ** 32
  }
}

/** Sum of uniform numbers: near enough to a normal one for a latency. */
function normal(random: () => number): number {
  return (random() + random() + random() + random() - 2) * Math.sqrt(3)
}
