import { describe, expect, it } from 'vitest'
import { programOutcome } from '../../../src/cli/checks/program-outcome.ts'
import { textOf } from '../../../src/cli/findings/finding-texts.ts'

describe('programOutcome', () => {
  it('adds up threads and processes, and what never came into the queue', () => {
    const found = programOutcome([
      'process 10: 40 root calls, 12 sampled',
      'process 10: 60 root calls, 8 sampled',
      'process 10: 30 spans made',
      '20 spans delivered, dropped: spans_per_minute: 7, queue_full: 2',
      'process 11: 5 root calls, 5 sampled',
      'process 11: 5 spans made',
      '5 spans delivered, none dropped',
    ])
    expect(found).toEqual({
      code: 'spans-dropped',
      values: {
        calls: 105,
        sampled: 25,
        made: 37,
        delivered: 25,
        limited: 7,
        dropped: 9,
        waiting: 3,
        reasons: '7 spans_per_minute, 2 queue_full',
      },
    })
    expect(textOf(found)).toBe(
      "the program's spans: 37 made (25 of 105 root calls were sampled), 25 delivered, 7 over the limits, " +
        'dropped: 7 spans_per_minute, 2 queue_full, 3 wait in the journal',
    )
  })

  it('takes the last word of a process that ended twice', () => {
    const found = programOutcome([
      'process 10: 3 spans made',
      'process 10: 4 spans made',
      '4 spans delivered, none dropped',
    ])
    expect(found).toMatchObject({ code: 'spans-delivered', values: { made: 4, waiting: 0 } })
    expect(textOf(found)).toBe("the program's spans: 4 made, 4 delivered, 0 over the limits, none dropped")
  })

  it('says nothing of calls where a killed process did not', () => {
    expect(programOutcome(['patched zen.orchestrator.run in app.js'])).toEqual({
      code: 'no-calls',
      values: {},
    })
  })
})
