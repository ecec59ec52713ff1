import type { Results } from './results.ts'
import { type Table, tablesOf, textOf, verdictOf } from './tables.ts'

const SYMBOL = { met: 'met', nearly: 'met, within the interval', missed: '**missed**' } as const

/** The generated part of docs/PERFORMANCE.md. */
export function performanceText(results: Results, pictures: readonly string[]): string {
  const { machine, subject, lines, profiles, failures, minutes } = results
  const tables = tablesOf(results.findings)
  const versions = lines.map(({ version }) => version).join(', ')
  return [
    `\`npm run bench\`, ${subject}, in ${Math.round(minutes)} minutes on: ${machine}. Node ${versions}.`,
    'Values are medians; brackets hold the interval in which the true median lies with 95% confidence (bootstrap). "Over"',
    'something means the median of the differences, or ratios, of the same round.',
    ...failures.map((failure) => `\n**Not measured:** ${failure}`),
    '',
    '### What is expected, and what was found',
    '',
    summary(tables),
    '',
    ...tables.flatMap((table) => ['', `### ${table.title}`, '', markdown(table)]),
    '',
    '### Profiles of what is missed',
    '',
    "V8's own profiler, in the same run: what each part of a thread did itself, without waiting; a mean run, where there are",
    'several. A profiled program is slower than it would be.',
    ...tablesOf(profiles).flatMap((table) => ['', `#### ${table.title}`, '', markdown(table)]),
    '',
    '### Scale',
    '',
    ...pictures.flatMap((picture) => [picture, '']),
  ]
    .join('\n')
    .replaceAll(/\n{3,}/g, '\n\n')
    .trimEnd()
}

/** Only what has an expectation. */
function summary(tables: readonly Table[]): string {
  const nodes = tables[0]?.nodes ?? []
  const rows = tables.flatMap(({ title, lines }) =>
    lines
      .filter(({ cells }) => cells.some((cell) => cell?.most !== undefined))
      .map(({ subject, cells }) => [
        `${title}: ${subject}`,
        ...cells.map((cell) => {
          const verdict = cell ? verdictOf(cell) : undefined
          if (!cell || verdict === undefined) return ''
          return `${textOf(cell)}; at most ${limit(cell.most ?? 0)}: ${SYMBOL[verdict]}`
        }),
      ]),
  )
  return markdownTable(['', ...nodes.map((node) => `Node ${node}`)], rows)
}

function markdown({ nodes, lines }: Table): string {
  return markdownTable(
    ['', ...nodes.map((node) => `Node ${node}`)],
    lines.map(({ subject, cells }) => [subject, ...cells.map((cell) => (cell ? textOf(cell) : '-'))]),
  )
}

/** Padded as the formatter of the project has it, so that a run leaves nothing to format. */
function markdownTable(headings: readonly string[], rows: readonly (readonly string[])[]): string {
  const all = [headings, ...rows]
  const widths = headings.map((_, column) => Math.max(3, ...all.map((row) => row[column]?.length ?? 0)))
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`
  return [line(headings), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)].join('\n')
}

function limit(value: number): string {
  return Number(value.toPrecision(3)).toLocaleString('en')
}
