import type { Finding, Unit } from '../finding.ts'

/** One table: a line for each subject, a column for each Node line. */
export interface Table {
  readonly title: string
  readonly nodes: readonly number[]
  readonly lines: readonly { readonly subject: string; readonly cells: readonly (Finding | undefined)[] }[]
}

/** Whether an expectation holds, judged by the value; `nearly` where the interval reaches over the limit. */
export type Verdict = 'met' | 'nearly' | 'missed'

/** Sorts findings into tables, in the order in which they were found. */
export function tablesOf(findings: readonly Finding[]): readonly Table[] {
  const nodes = [...new Set(findings.map(({ node }) => node))].toSorted((a, b) => a - b)
  const titles = [...new Set(findings.map(({ table }) => table))]
  return titles.map((title) => {
    const own = findings.filter(({ table }) => table === title)
    const subjects = [...new Set(own.map(({ subject }) => subject))]
    const lines = subjects.map((subject) => ({
      subject,
      cells: nodes.map((node) => own.find((found) => found.subject === subject && found.node === node)),
    }))
    return { title, nodes, lines }
  })
}

/** Compares a finding with what is expected; undefined where nothing is. */
export function verdictOf({ estimate, most }: Finding): Verdict | undefined {
  if (most === undefined) return undefined
  if (estimate.value > most) return 'missed'
  return estimate.high > most ? 'nearly' : 'met'
}

/** A number with its interval, in its unit. */
export function textOf({ estimate, unit }: Finding): string {
  const { low, high } = estimate
  const value = `${number(estimate.value, unit)}${unit === 'count' ? '' : ` ${unit.replace('+', '')}`}`
  return low === high ? value : `${value} [${number(low, unit)}, ${number(high, unit)}]`
}

function number(value: number, unit: Unit): string {
  const size = Math.abs(value)
  const digits = unit === 'count' ? 0 : unit === 'x' ? 2 : size >= 100 ? 0 : size >= 10 ? 1 : 2
  const text = value.toLocaleString('en', { minimumFractionDigits: digits, maximumFractionDigits: digits })
  return unit.startsWith('+') && value >= 0 ? `+${text}` : text
}
