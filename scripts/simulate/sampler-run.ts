import { createAdaptiveSampler } from '../../src/tracing/adaptive-sampler.ts'
import type { Chart } from './chart.ts'

/** What the sampler did in one second. */
export interface SamplerSecond {
  readonly calls: number
  readonly sampled: number
  /** Share of the calls by the rate in force at the end of the second. */
  readonly rate: number
}

/** Loads that a sampler has to live with: calls a second as a function of the second. */
export const LOADS: Readonly<Record<string, { readonly seconds: number; load(second: number): number }>> = {
  steps: {
    seconds: 1800,
    load: (second) => [500, 8000, 500, 50, 3000, 1000][Math.floor(second / 300)] ?? 0,
  },
  ramp: {
    seconds: 1800,
    load: (second) => 20 * 2 ** (Math.min(second, 1800 - second) / 100),
  },
  bursts: {
    seconds: 1800,
    load: (second) => (second > 300 && second % 90 < 3 ? 20_000 : 400),
  },
  silence: {
    seconds: 1800,
    load: (second) => (second % 600 < 300 ? 3000 : 0),
  },
}

const SECOND_MS = 1000

/**
 * Runs the sampler of the product over a load, by a clock of its own.
 *
 * @param targetPerSecond sampled roots a second that are aimed at
 */
export function runSampler(name: string, targetPerSecond = 100): SamplerSecond[] {
  const { seconds, load } = LOADS[name] ?? { seconds: 0, load: () => 0 }
  let time = 0
  const sampler = createAdaptiveSampler({ targetPerSecond, mostRate: 1, seed: 7, now: () => time })
  return Array.from({ length: seconds }, (_, second) => {
    const calls = Math.round(load(second))
    let sampled = 0
    for (let call = 0; call < calls; call++) {
      time = (second + call / calls) * SECOND_MS
      if (sampler.shouldSample()) sampled++
    }
    return { calls, sampled, rate: sampler.rate }
  })
}

/** The picture of a run: load, rate, and what was sampled. */
export function samplerChart(name: string, seconds: readonly SamplerSecond[]): Chart {
  const x = seconds.map((_, second) => second / 60)
  return {
    title: `Adaptive sampling: ${name} (target 100 sampled roots a second)`,
    timeUnit: 'min',
    panels: [
      {
        title: 'calls and sampled calls a second',
        unit: '',
        logarithmic: [1, 100_000],
        series: [
          { name: 'calls', colour: '#888888', x, y: seconds.map(({ calls }) => calls) },
          { name: 'sampled', colour: '#1a6dd0', x, y: seconds.map(({ sampled }) => sampled) },
        ],
      },
      {
        title: 'sampling rate',
        unit: '',
        logarithmic: [0.01, 1],
        series: [{ name: 'rate', colour: '#c0392b', x, y: seconds.map(({ rate }) => rate) }],
      },
    ],
  }
}
