import type { Chart } from './chart.ts'
import { fairness, type FleetResult } from './fleet-run.ts'
import type { ToldScenario } from './fleet-scenarios.ts'

/** A fleet in numbers. */
export interface FleetFigures {
  /** Accepted writes, as part of the quota of the measured time. */
  readonly goodput: number
  /** Refused writes, as part of all of well-behaved clients. */
  readonly refused: number
  /** The busiest measured minute, accepted and refused writes, as part of the quota. */
  readonly busiest: number
  /** Jain's index over well-behaved clients that always have something to send. */
  readonly fairness: number
}

/** Sums up the measured time of a run. */
export function fleetFigures(scenario: ToldScenario, result: FleetResult, scale: number): FleetFigures {
  const from = Math.ceil(scenario.measuredFrom * 60)
  const to = (scenario.measuredTo ?? scenario.hours) * 60
  let [accepted, refused, quota, busiest] = [0, 0, 0, 0]
  for (let minute = from; minute < to; minute++) {
    const [taken = 0, not = 0] = [result.accepted[minute], result.refused[minute]]
    const minuteQuota = (scenario.quota(minute / 60) ?? 0) / scale
    accepted += taken
    refused += not
    quota += minuteQuota
    busiest = Math.max(busiest, (taken + not + (result.greedy[minute] ?? 0)) / minuteQuota)
  }
  return {
    goodput: (accepted + result.greedyAccepted) / quota,
    refused: refused / (accepted + refused),
    busiest,
    fairness: fairness(result.shares),
  }
}

/** The picture of a run: writes a minute against the quota. */
export function fleetChart(scenario: ToldScenario, result: FleetResult, scale: number): Chart {
  const { pointMinutes, title } = scenario
  const [from, to] = scenario.shown ?? [0, scenario.hours]
  const points = Array.from({ length: ((to - from) * 60) / pointMinutes }, (_, index) => index)
  const x = points.map((point) => (point * pointMinutes) / 60)
  const mean = (values: Float64Array): number[] =>
    points.map((point) => {
      const start = from * 60 + point * pointMinutes
      return (
        (values.subarray(start, start + pointMinutes).reduce((sum, value) => sum + value, 0) / pointMinutes) *
        scale
      )
    })
  return {
    title,
    timeUnit: 'h',
    panels: [
      {
        title: 'writes a minute',
        unit: '',
        highest: 10_000,
        series: [
          { name: 'quota', colour: '#888888', x, y: x.map((hour) => scenario.quota(hour + from) ?? 0) },
          { name: 'accepted', colour: '#1a8a3c', x, y: mean(result.accepted) },
          { name: 'refused', colour: '#c0392b', x, y: mean(result.refused) },
          { name: 'unanswered', colour: '#e08e0b', x, y: mean(result.lost) },
        ],
      },
    ],
  }
}
