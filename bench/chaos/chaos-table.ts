import type { Contender } from './contender.ts'
import type { Scenario } from './scenarios/scenario.ts'
import type { ChaosResult } from './stage.ts'

/** One scenario played by one contender; a text says why it was not. */
export interface ChaosRow {
  readonly scenario: Pick<Scenario, 'title'>
  readonly contender: Pick<Contender, 'title'>
  readonly result: ChaosResult | string
}

const HEAD = [
  'what happens',
  'to whom',
  'spans produced',
  'delivered',
  'duplicates',
  'counted as dropped',
  'lost without a count',
  'added exit time',
  'exit',
]

/** The table of docs/RELIABILITY.md, in Markdown. */
export function chaosTable(rows: readonly ChaosRow[]): string {
  const lines = rows.map((row, index) => {
    const again = rows[index - 1]?.scenario.title === row.scenario.title
    return [again ? '' : row.scenario.title, row.contender.title, ...cells(row.result)]
  })
  return [HEAD, HEAD.map(() => '---'), ...lines].map((line) => `| ${line.join(' | ')} |`).join('\n')
}

function cells(result: ChaosResult | string): readonly string[] {
  if (typeof result === 'string') return [result, '', '', '', '', '', '']
  const { produced, delivered, later, duplicates, counted, lost, addedExitMs, exits } = result
  return [
    String(produced),
    later > 0 ? `${delivered} (${later} by the next process)` : String(delivered),
    String(duplicates),
    Object.entries(counted)
      .map(([reason, count]) => `${count} ${reason}`)
      .join(', ') || '0',
    lost > 0 ? `**${lost}**` : String(lost),
    addedExitMs === undefined ? '' : `${Math.max(0, Math.round(addedExitMs / 10) * 10)} ms`,
    [...new Set(exits)].join(', '),
  ]
}
