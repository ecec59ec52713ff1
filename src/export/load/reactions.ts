/** What is watched; each is compared with the bounds of a reaction. */
export interface LoadSignals {
  /** Time of the process on processors, all threads, for each second; 1 is one core kept busy. */
  readonly cpu: number
  /** Heap in use of the application thread, as part of its limit. */
  readonly heap: number
  /** How late timers of the application thread fire at most, in milliseconds. */
  readonly loopDelay: number
  /** Telemetry handed to delivery, before compression, in bytes a second. */
  readonly traffic: number
  /** Requests that got no answer in time, since the last one that was answered fast. */
  readonly timeouts: number
}

/** How spans are sampled, gathered and sent. */
export interface Tuning {
  /** Bound of the sampling rate, 0 to 1; undefined: none. */
  readonly rateBound: number | undefined
  readonly batchSize: number
  readonly intervalMs: number
  readonly timeoutMs: number
  /** Most spans waiting on the application thread. */
  readonly queueSize: number
  /** Compress, whatever was configured. */
  readonly compress: boolean
}

/** One reaction: when it begins and ends, and what it changes. */
export interface Reaction {
  readonly name: string
  readonly signal: keyof LoadSignals
  /** It begins above this. */
  readonly above: number
  /** It ends below this. */
  readonly below: number
  /** How long it has to be above, or below, in periods of the pace given to the watch: 1 is at once. */
  readonly patience: 'at once' | 'a moment' | 'a while'
  /** It becomes stronger while its cause lasts, so many times. */
  readonly steps: number
  readonly action: (step: number) => string
  readonly change: (tuning: Tuning, step: number) => Tuning
}

const CPU_RATE = 0.05
const LOWEST_RATE = 0.01
const LARGE_BATCH = 1024
const HEAP_BATCH = 256
const HEAP_QUEUE = 1024
const HEAP_INTERVAL_MS = 10_000
const TIMEOUT_BATCH = 100
const TIMEOUT_MS = 60_000
const MEGABYTE = 1_000_000

function bounded(tuning: Tuning, rate: number): Tuning {
  return { ...tuning, rateBound: Math.min(tuning.rateBound ?? 1, rate) }
}

function halvedRate(step: number): number {
  return Math.max(LOWEST_RATE, CPU_RATE / 2 ** step)
}

function percent(share: number): string {
  return `${Number((share * 100).toPrecision(3))} %`
}

/** All reactions, in the order they are applied: where two change the same thing, the later one decides. */
export const REACTIONS: readonly Reaction[] = [
  {
    name: 'cpu-high',
    signal: 'cpu',
    above: 0.7,
    below: 0.5,
    patience: 'a while',
    steps: 1,
    action: () => `sampling rate at most ${percent(CPU_RATE)}`,
    change: (tuning) => bounded(tuning, CPU_RATE),
  },
  {
    name: 'cpu-critical',
    signal: 'cpu',
    above: 0.8,
    below: 0.5,
    patience: 'a while',
    steps: 3,
    action: (step) => `sampling rate at most ${percent(halvedRate(step))}, batches of 1,024, compression on`,
    change: (tuning, step) => ({
      ...bounded(tuning, halvedRate(step)),
      batchSize: LARGE_BATCH,
      compress: true,
    }),
  },
  {
    name: 'traffic',
    signal: 'traffic',
    above: MEGABYTE,
    below: MEGABYTE / 2,
    patience: 'a moment',
    steps: 1,
    action: () => 'compression on',
    change: (tuning) => ({ ...tuning, compress: true }),
  },
  {
    name: 'heap',
    signal: 'heap',
    above: 0.8,
    below: 0.6,
    patience: 'a moment',
    steps: 1,
    action: () => 'requests 10 s apart, batches of 256, queue of 1,024',
    change: (tuning) => ({
      ...tuning,
      intervalMs: Math.max(tuning.intervalMs, HEAP_INTERVAL_MS),
      batchSize: Math.min(tuning.batchSize, HEAP_BATCH),
      queueSize: Math.min(tuning.queueSize, HEAP_QUEUE),
    }),
  },
  {
    name: 'timeouts',
    signal: 'timeouts',
    // Not before the circuit opens for a service that hangs: each longer request would put that off by a minute.
    above: 3,
    below: 1,
    patience: 'at once',
    steps: 1,
    action: () => 'timeout 60 s, batches of 100',
    change: (tuning) => ({
      ...tuning,
      timeoutMs: Math.max(tuning.timeoutMs, TIMEOUT_MS),
      batchSize: Math.min(tuning.batchSize, TIMEOUT_BATCH),
    }),
  },
  {
    name: 'loop-delay',
    signal: 'loopDelay',
    above: 50,
    below: 50,
    patience: 'a moment',
    steps: 1,
    action: () => 'sampling off',
    change: (tuning) => bounded(tuning, 0),
  },
]

/** The value of a signal in words. */
export function inWords(signal: keyof LoadSignals, value: number): string {
  switch (signal) {
    case 'cpu':
      return `${percent(value)} of a core`
    case 'heap':
      return `${percent(value)} of its limit`
    case 'loopDelay':
      return `${Math.round(value)} ms`
    case 'traffic':
      return `${(value / MEGABYTE).toFixed(1)} MB a second`
    case 'timeouts':
      return `${value} in a row`
  }
}
