/** `npm run simulate [sampler]`: runs the policies of the product by a clock of its own, and draws docs/simulation/. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { drawChart } from './chart.ts'
import { LOADS, runSampler, samplerChart } from './sampler-run.ts'

const FOLDER = new URL('../../docs/simulation/', import.meta.url)

function draw(name: string, svg: string): void {
  mkdirSync(FOLDER, { recursive: true })
  writeFileSync(new URL(`${name}.svg`, FOLDER), svg)
  console.log(`  docs/simulation/${name}.svg`)
}

function simulateSampler(): void {
  console.log('adaptive sampling')
  for (const name of Object.keys(LOADS)) {
    const seconds = runSampler(name)
    const busiest = seconds.reduce((most, { sampled }) => Math.max(most, sampled), 0)
    const mean = seconds.reduce((sum, { sampled }) => sum + sampled, 0) / seconds.length
    console.log(`${name}: ${mean.toFixed(0)} sampled a second on average, ${busiest} in the busiest`)
    draw(`sampling-${name}`, drawChart(samplerChart(name, seconds)))
  }
}

const parts: Readonly<Record<string, () => void>> = { sampler: simulateSampler }
const wanted = process.argv.slice(2)
for (const [name, run] of Object.entries(parts)) if (wanted.length === 0 || wanted.includes(name)) run()
