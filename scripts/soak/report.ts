import { basename } from 'node:path'
import type { Reading, Run } from './run-contender.ts'
import { fitSlope, type Slope } from './slope.ts'

const MEGABYTE = 1_000_000
const SIZES = [
  ['heap of the application thread, after collection', 'heapBytes'],
  ['resident memory', 'rssBytes'],
] as const
const KINDS = [
  ['of the heap, what programs make: objects, functions, strings', 'made'],
  ['of the heap, what V8 keeps about them: code, feedback, shapes', 'known'],
] as const
const COUNTS = ['handles', 'files', 'threads'] as const

interface Timed {
  readonly minute: number
}

/**
 * Puts two runs of the same minutes beside each other: sizes with their slopes, and counts.
 *
 * @param warmUpMinutes what is left out
 * @returns a table in Markdown
 */
export function compareRuns(withAgent: Run, without: Run, warmUpMinutes: number): string {
  const [traced, bare] = [withAgent, without].map((run) => settled(run.readings, warmUpMinutes)) as [
    Reading[],
    Reading[],
  ]
  return tableOf(withAgent, without, [
    ['calls', String(traced.at(-1)?.calls), String(bare.at(-1)?.calls), ''],
    ...SIZES.flatMap(([title, key]) => sizeRows(title, traced, bare, (reading) => reading[key])),
    ...COUNTS.map((key) => [
      key,
      range(traced.map((reading) => reading[key])),
      range(bare.map((reading) => reading[key])),
      '',
    ]),
    ['spans delivered', `${withAgent.spans}, ${withAgent.roots} of them roots`, 'none', ''],
  ])
}

/** The same for what their heaps hold. */
export function compareHeaps(withAgent: Run, without: Run, warmUpMinutes: number): string {
  const traced = settled(withAgent.heaps, warmUpMinutes)
  const bare = settled(without.heaps, warmUpMinutes)
  return tableOf(
    withAgent,
    without,
    KINDS.flatMap(([title, key]) => sizeRows(title, traced, bare, (heap) => heap[key])),
  )
}

/** What the worker threads of a run hold, a line each. */
export function describeThreads({ threadReadings }: Run, warmUpMinutes: number): string {
  const later = settled(threadReadings, warmUpMinutes)
  return [...new Set(later.map(({ thread }) => thread))]
    .map((thread) => {
      const readings = later.filter((reading) => reading.thread === thread)
      const handles = new Set(readings.map((reading) => reading.handles.join(' + ')))
      const slope = inWords(slopeOf(readings, ({ heapBytes }) => heapBytes))
      return (
        `- ${basename(thread)}: heap ${megabytes(readings[0]?.heapBytes)} to ` +
        `${megabytes(readings.at(-1)?.heapBytes)}, ${slope} an hour; handles: ${[...handles].join(', or ')}`
      )
    })
    .join('\n')
}

function tableOf(withAgent: Run, without: Run, rows: readonly (readonly string[])[]): string {
  return [['figure', withAgent.name, without.name, 'difference'], ['---', '---', '---', '---'], ...rows]
    .map((cells) => `| ${cells.join(' | ')} |`)
    .join('\n')
}

/** @throws Error where a run was too short */
function settled<T extends Timed>(readings: readonly T[], warmUpMinutes: number): T[] {
  const later = readings.filter(({ minute }) => minute > warmUpMinutes)
  if (later.length < 3) throw new Error('a run ended too early')
  return later
}

function sizeRows<T extends Timed>(
  title: string,
  traced: readonly T[],
  bare: readonly T[],
  size: (reading: T) => number,
): string[][] {
  // Reading by reading, as both were taken in the same second.
  const both = Math.min(traced.length, bare.length)
  const differences = traced.slice(0, both).map((reading, index) => {
    const other = bare[index]
    return { minute: reading.minute, size: size(reading) - (other ? size(other) : 0) }
  })
  const ends = (readings: readonly T[]): string => {
    const [first, last] = [readings[0], readings.at(-1)]
    return first && last ? `${megabytes(size(first))} to ${megabytes(size(last))}` : ''
  }
  return [
    [title, ends(traced), ends(bare), ''],
    [
      'its slope an hour',
      inWords(slopeOf(traced, size)),
      inWords(slopeOf(bare, size)),
      inWords(slopeOf(differences, (difference) => difference.size)),
    ],
  ]
}

function slopeOf<T extends Timed>(readings: readonly T[], size: (reading: T) => number): Slope {
  return fitSlope(
    readings.map(({ minute }) => minute / 60),
    readings.map(size),
  )
}

function range(values: readonly number[]): string {
  const [least, most] = [Math.min(...values), Math.max(...values)]
  return least === most ? `${least}` : `${least} to ${most}`
}

function inWords({ perUnit, uncertainty }: Slope): string {
  return `${(perUnit / MEGABYTE).toFixed(3)} ± ${megabytes(uncertainty, 3)}`
}

function megabytes(bytes = 0, digits = 2): string {
  return `${(bytes / MEGABYTE).toFixed(digits)} MB`
}
