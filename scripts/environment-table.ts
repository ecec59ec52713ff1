import type { Config } from '../src/config/config.ts'
import { ENV_TABLE } from '../src/config/env-table.ts'

/** The marks in README.md between which the table stands. */
export const TABLE_START = '<!-- environment:start -->'
export const TABLE_END = '<!-- environment:end -->'

/** What this version does not do yet, though the variable is read and checked. */
export const LIMITATIONS: Readonly<Partial<Record<keyof Config, string>>> = {}

/** The environment table of README.md, from the table that the agent itself reads by; aligned as the formatter has it. */
export function environmentTable(): string {
  const rows = (Object.keys(ENV_TABLE) as (keyof Config)[]).map((field) => {
    const { variable, shown, help } = ENV_TABLE[field]
    const limitation = LIMITATIONS[field]
    return [`\`${variable}\``, shown, limitation === undefined ? help : `${help}. ${limitation}`]
  })
  const table = [['variable', 'default', 'meaning'], ...rows]
  const widths = [0, 1, 2].map((column) => Math.max(...table.map((row) => row[column]?.length ?? 0)))
  const [head, ...body] = table.map((row) =>
    lineOf(row.map((cell, column) => cell.padEnd(widths[column] ?? 0))),
  )
  return [head, lineOf(widths.map((width) => '-'.repeat(width))), ...body].join('\n')
}

function lineOf(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`
}

/**
 * Puts the table between the marks.
 *
 * @param document the whole text of README.md
 * @throws Error if there are no marks
 */
export function withEnvironmentTable(document: string): string {
  const start = document.indexOf(TABLE_START)
  const end = document.indexOf(TABLE_END)
  if (start < 0 || end < start) throw new Error(`${TABLE_START} and ${TABLE_END} are missing`)
  const before = document.slice(0, start + TABLE_START.length)
  return `${before}\n\n${environmentTable()}\n\n${document.slice(end)}`
}
