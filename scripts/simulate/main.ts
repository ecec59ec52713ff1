/** `npm run simulate [sampler] [fleet] [name of a scenario]`: runs the policies of the product by a clock of its own, and draws docs/simulation/. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { drawChart } from './chart.ts'
import { fleetChart, fleetFigures } from './fleet-report.ts'
import { runFleet } from './fleet-run.ts'
import { SCENARIOS } from './fleet-scenarios.ts'
import { LOADS, runSampler, samplerChart } from './sampler-run.ts'

const FOLDER = new URL('../../docs/simulation/', import.meta.url)

function write(name: string, svg: string): void {
  mkdirSync(FOLDER, { recursive: true })
  writeFileSync(new URL(`${name}.svg`, FOLDER), svg)
}

function simulateSampler(): void {
  console.log('adaptive sampling')
  for (const name of Object.keys(LOADS)) {
    const seconds = runSampler(name)
    const busiest = seconds.reduce((most, { sampled }) => Math.max(most, sampled), 0)
    const mean = seconds.reduce((sum, { sampled }) => sum + sampled, 0) / seconds.length
    console.log(`${name}: ${mean.toFixed(0)} sampled a second on average, ${busiest} in the busiest`)
    write(`sampling-${name}`, drawChart(samplerChart(name, seconds)))
  }
}

const SIMULATED = 20_000

function simulateFleet(): void {
  const names = wanted.filter((name) => SCENARIOS.some((scenario) => scenario.name === name))
  console.log('| scenario | simulated | goodput of quota | refused | busiest minute | fairness |')
  console.log('| --- | --- | --- | --- | --- | --- |')
  for (const scenario of SCENARIOS.filter(({ name }) => names.length === 0 || names.includes(name))) {
    const scale = Math.max(1, scenario.clients / (scenario.simulated ?? SIMULATED))
    const result = runFleet(scenario, scale)
    const { goodput, refused, busiest, fairness } = fleetFigures(scenario, result, scale)
    console.log(
      `| ${scenario.title} | 1 of ${scale} | ${percent(goodput)} | ${percent(refused)} | ${percent(busiest)} | ${fairness.toFixed(3)} |`,
    )
    write(`fleet-${scenario.name}`, drawChart(fleetChart(scenario, result, scale)))
  }
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`
}

const wanted = process.argv.slice(2)
const parts: Readonly<Record<string, () => void>> = { sampler: simulateSampler, fleet: simulateFleet }
for (const [name, run] of Object.entries(parts)) if (wanted.length === 0 || wanted.includes(name)) run()
