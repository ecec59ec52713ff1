/** Who writes a segment, or is sending it. */
export interface SegmentOwner {
  /** Hash of boot and process namespace: only there do process ids mean the same. */
  readonly place: string
  readonly pid: number
  /** When the process started, in ticks of the kernel, so that a process id that is used again is not mistaken. 0: unknown. */
  readonly started: number
  /** Of one span queue; an export thread that is started again has the same. */
  readonly queue: string
  /** How many export threads this queue had before. */
  readonly generation: number
}

/** What the name of a segment file says. */
export interface SegmentName {
  /** Milliseconds since 1970. */
  readonly created: number
  /** Makes the name unique. */
  readonly random: string
  /** Hash of the destination, see {@link JournalDestination}. */
  readonly destination: string
  readonly owner: SegmentOwner
}

const NAME =
  /^(\d{13})-([0-9a-f]{8})\.([0-9a-f]{12})\.([0-9a-f]{8})-(\d{1,10})-(\d{1,15})-([0-9a-f]{8})-(\d{1,4})\.v1\.jsonl$/

/**
 * The name of a segment file. Whose it is stands in the name, so that renaming it is taking it: the file system lets
 * exactly one process do that.
 */
export function formatSegmentName({ created, random, destination, owner }: SegmentName): string {
  const { place, pid, started, queue, generation } = owner
  const time = String(created).padStart(13, '0')
  return `${time}-${random}.${destination}.${place}-${pid}-${started}-${queue}-${generation}.v1.jsonl`
}

/** Reads the name of a file; undefined if it is not one of a segment. */
export function parseSegmentName(name: string): SegmentName | undefined {
  const [, created, random, destination, place, pid, started, queue, generation] = NAME.exec(name) ?? []
  if (!created || !random || !destination || !place || !queue) return undefined
  return {
    created: Number(created),
    random,
    destination,
    owner: {
      place,
      pid: Number(pid),
      started: Number(started),
      queue,
      generation: Number(generation),
    },
  }
}
