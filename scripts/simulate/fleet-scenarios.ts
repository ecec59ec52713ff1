import type { Scenario } from './fleet-run.ts'

/** A scenario, and how it is told. */
export interface ToldScenario extends Scenario {
  readonly title: string
  /** How many clients are simulated, each for as many others at a quota that is as much smaller; default: 20,000. */
  readonly simulated?: number
  /** Of the picture: minutes that are one point. */
  readonly pointMinutes: number
  /** Hours that the picture shows; default: all. */
  readonly shown?: readonly [from: number, to: number]
}

/** Writes a minute that a Cloud Trace project takes. */
const QUOTA = 4800
const DAY = 24
/** A fleet that settles in days is measured when it has. */
const SETTLED = 0.6

function steady(clients: number, days: number): ToldScenario {
  return {
    name: `steady-${clients}`,
    title: `${clients.toLocaleString('en')} machines, from the first second on`,
    clients,
    hours: days * DAY,
    measuredFrom: days * DAY * SETTLED,
    quota: () => QUOTA,
    pointMinutes: 60,
  }
}

/** What a fleet has to live with. */
export const SCENARIOS: readonly ToldScenario[] = [
  steady(100, 2),
  steady(1000, 2),
  steady(10_000, 2),
  steady(100_000, 8),
  steady(300_000, 16),
  steady(1_000_000, 24),
  {
    name: 'flash-crowd',
    title: 'a flash crowd: 30,000 machines, ten times as many after 3 days, 30,000 again after 10',
    clients: 300_000,
    hours: 14 * DAY,
    measuredFrom: 7 * DAY,
    measuredTo: 10 * DAY,
    quota: () => QUOTA,
    present: (hour) => (hour >= 3 * DAY && hour < 10 * DAY ? 300_000 : 30_000),
    pointMinutes: 60,
  },
  {
    name: 'outage',
    title: '100,000 machines, no service between hours 144 and 145',
    clients: 100_000,
    hours: 150,
    measuredFrom: 145,
    simulated: 100_000,
    quota: (hour) => (hour >= 144 && hour < 145 ? undefined : QUOTA),
    pointMinutes: 1,
    shown: [143, 147],
  },
  {
    name: 'quota-cut',
    title: '100,000 machines, half the quota from day 5 on',
    clients: 100_000,
    hours: 12 * DAY,
    measuredFrom: 8 * DAY,
    quota: (hour) => (hour < 5 * DAY ? QUOTA : QUOTA / 2),
    pointMinutes: 60,
  },
  {
    name: 'greedy',
    title: '100,000 machines, 1 % of which write every minute whatever they are told',
    clients: 100_000,
    hours: 8 * DAY,
    measuredFrom: 8 * DAY * SETTLED,
    quota: () => QUOTA,
    greedy: 0.01,
    pointMinutes: 60,
  },
]
