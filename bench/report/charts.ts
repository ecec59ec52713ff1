import type { ChartText } from './line-chart.ts'

/** The name of a picture. */
export type ChartName = 'concurrency' | 'rate' | 'processes' | 'journal'

/** The pictures of docs/PERFORMANCE.md, by the name of their file. */
export const CHARTS: Readonly<Record<ChartName, ChartText>> = {
  concurrency: {
    title: 'Cost of a call, by calls that run at the same time',
    x: 'calls at the same time',
    y: 'application thread, µs a call over no preload',
  },
  rate: {
    title: 'Cost of a call, by calls a second',
    x: 'calls a second',
    y: 'median of one call, ns',
  },
  processes: {
    title: 'Cost of a call, by processes on the machine',
    x: 'processes, each with 100 calls a second',
    y: 'application thread, µs a call',
  },
  journal: {
    title: 'A process with one traced call, by what waits in the journal',
    x: 'MB in the journal',
    y: 'ms',
  },
}
