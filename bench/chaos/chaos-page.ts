import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { repository } from '../../test/support/repository.ts'
import { type ChaosRow, chaosTable } from './chaos-table.ts'
import { SCENARIOS } from './scenarios.ts'

const PAGE = join(repository, 'docs', 'RELIABILITY.md')
const MARKS = ['<!-- chaos:start -->', '<!-- chaos:end -->'] as const

/**
 * Puts what was played into the table of docs/RELIABILITY.md. What was not played this time stays as it was, so that the
 * table can be made in several runs; scenarios that there are no longer go.
 */
export function writeChaosPage(rows: readonly ChaosRow[]): void {
  const page = readFileSync(PAGE, 'utf8')
  const [start, end] = MARKS.map((mark) => page.indexOf(mark))
  if (start === undefined || end === undefined || start < 0 || end < start)
    throw new Error(`docs/RELIABILITY.md has no ${MARKS.join(' and ')}`)
  const from = start + MARKS[0].length
  const table = mergeChaosTable(page.slice(from, end), rows)
  writeFileSync(PAGE, `${page.slice(0, from)}\n\n${table}\n\n${page.slice(end)}`)
}

/**
 * Replaces the lines of the scenarios that were played in a table, or adds them, in the order of {@link SCENARIOS}.
 *
 * @param before the table as it was, whatever its widths
 */
export function mergeChaosTable(before: string, rows: readonly ChaosRow[]): string {
  const groups = new Map([...linesOf(before), ...linesOf(chaosTable(rows))])
  const head = chaosTable([])
  return [head, ...SCENARIOS.flatMap(({ title }) => groups.get(title) ?? [])].join('\n')
}

/** The lines of a table by scenario, whose title stands in the first of its lines alone. */
function linesOf(table: string): Map<string, string[]> {
  const groups = new Map<string, string[]>()
  let title = ''
  for (const line of table.trim().split('\n').slice(2)) {
    const cells = line.split('|').map((cell) => cell.trim())
    title = cells[1] || title
    groups.set(title, [...(groups.get(title) ?? []), cells.join(' | ').trim()])
  }
  return groups
}
