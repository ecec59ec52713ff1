import type { Estimate } from './statistics.ts'

/**
 * Lines with aligned columns: the first to the left, numbers to the right.
 *
 * @param lines cells; the first line holds the headings
 */
export function alignedTable(lines: readonly (readonly string[])[]): string {
  const widths =
    lines[0]?.map((_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0))) ?? []
  const align = (cell: string, column: number): string =>
    column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0)
  return lines.map((line) => line.map(align).join('  ').trimEnd()).join('\n')
}

/** A difference and its interval; a variant that is its own baseline adds nothing. */
export function added({ value, low, high }: Estimate, digits = 1): string {
  if (value === 0 && low === 0 && high === 0) return '-'
  const signed = (number: number): string => `${number < 0 ? '' : '+'}${number.toFixed(digits)}`
  return `${signed(value)} [${signed(low)}, ${signed(high)}]`
}
