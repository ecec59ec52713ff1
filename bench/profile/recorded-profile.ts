import type { CallFrame } from './part-of-frame.ts'

/** What `--cpu-prof` writes for one thread. */
interface CpuProfile {
  readonly nodes: readonly { readonly id: number; readonly callFrame: CallFrame }[]
  readonly samples: readonly number[]
  /** Microseconds from one sample to the next. */
  readonly timeDeltas: readonly number[]
}

/** What `--heap-prof` writes for one thread: what is still held of what each function allocated. */
interface HeapProfile {
  readonly head: HeapNode
}

interface HeapNode {
  readonly callFrame: CallFrame
  readonly selfSize: number
  readonly children: readonly HeapNode[]
}

/** One function, and its own share: milliseconds of work, or kilobytes of memory. */
export interface Share {
  readonly frame: CallFrame
  readonly amount: number
}

/**
 * Reads a profile of one thread.
 *
 * @param text a file of `--cpu-prof` or `--heap-prof`
 */
export function readProfile(text: string): readonly Share[] {
  const profile = JSON.parse(text) as CpuProfile | HeapProfile
  return 'head' in profile ? [...heldBy(profile.head)] : timesOf(profile)
}

function timesOf({ nodes, samples, timeDeltas }: CpuProfile): readonly Share[] {
  const micros = new Map<number, number>()
  for (const [index, id] of samples.entries()) {
    // A sample stands for the time until the next one.
    micros.set(id, (micros.get(id) ?? 0) + (timeDeltas[index + 1] ?? 0))
  }
  return nodes.map(({ id, callFrame }) => ({ frame: callFrame, amount: (micros.get(id) ?? 0) / 1000 }))
}

function* heldBy({ callFrame, selfSize, children }: HeapNode): Generator<Share> {
  yield { frame: callFrame, amount: selfSize / 1000 }
  for (const child of children) yield* heldBy(child)
}
