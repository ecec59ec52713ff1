import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { repository } from '../../test/support/repository.ts'
import { CHARTS, type ChartName } from './charts.ts'
import { lineChart } from './line-chart.ts'
import { performanceText } from './performance-text.ts'
import type { Results } from './results.ts'

const PAGE = join(repository, 'docs', 'PERFORMANCE.md')
const PICTURES = 'performance'
const START = '<!-- results:start -->'
const END = '<!-- results:end -->'

/**
 * Writes the part of docs/PERFORMANCE.md between its two marks, and its pictures.
 *
 * @returns the files, from the root of the project
 * @throws Error if the page has lost its marks
 */
export function writeReport(results: Results): readonly string[] {
  const page = readFileSync(PAGE, 'utf8')
  const start = page.indexOf(START)
  const end = page.indexOf(END)
  if (start === -1 || end < start) throw new Error(`docs/PERFORMANCE.md needs the lines ${START} and ${END}`)
  const folder = join(repository, 'docs', PICTURES)
  mkdirSync(folder, { recursive: true })
  const names = (Object.keys(CHARTS) as ChartName[]).filter((name) =>
    results.curves.some(({ chart }) => chart === name),
  )
  for (const name of names) {
    const curves = results.curves.filter(({ chart }) => chart === name)
    writeFileSync(join(folder, `${name}.svg`), lineChart(CHARTS[name], curves))
  }
  const pictures = names.map((name) => `![${CHARTS[name].title}](${PICTURES}/${name}.svg)`)
  const text = performanceText(results, pictures)
  writeFileSync(PAGE, `${page.slice(0, start + START.length)}\n\n${text}\n\n${page.slice(end)}`)
  return ['docs/PERFORMANCE.md', ...names.map((name) => `docs/${PICTURES}/${name}.svg`)]
}
