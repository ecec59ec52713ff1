import type { RecordedSpan } from '../../../fixtures/google-cloud/recorded-span.ts'
import type { Fault } from '../../../fixtures/google-cloud/fault.ts'
import type { Stage } from '../stage.ts'
import { CALLS, type Scenario } from './scenario.ts'

/** Codes that are worth another try, as gRPC and as HTTP have them. */
export const RETRYABLE = [
  [14, 503],
  [8, 429],
  [4, 504],
  [13, 502],
  [10, 503],
] as const
/** The others. */
export const FINAL = [
  [3, 400],
  [5, 404],
  [12, 501],
  [7, 403],
  [16, 401],
] as const
const TIMES_EACH = 3

/** The service answers, but not that all is well. */
export const ANSWERS: readonly Scenario[] = [
  codes(
    'retryable',
    `each retryable code ${TIMES_EACH} times (UNAVAILABLE, RESOURCE_EXHAUSTED …)`,
    RETRYABLE,
  ),
  codes(
    'final',
    `each final code ${TIMES_EACH} times (INVALID_ARGUMENT, NOT_FOUND, PERMISSION_DENIED …)`,
    FINAL,
  ),
  {
    id: 'drop',
    hasOutage: true,
    title: 'the answer is cut off 3 times',
    async play(stage) {
      await stage.failFirst({ kind: 'drop', times: TIMES_EACH })
      await workAndEnd(stage)
    },
  },
  {
    id: 'bad-spans',
    title: 'some bad spans among many good ones',
    async play(stage) {
      await stage.fail({ kind: 'picky', refuses: oneIn(64) })
      await workAndEnd(stage)
    },
  },
]

function codes(id: string, title: string, pairs: readonly (readonly [number, number])[]): Scenario {
  return {
    id,
    title,
    hasOutage: true,
    async play(stage) {
      const program = await stage.start()
      for (const pair of pairs) {
        await stage.failFirst(code(stage, pair))
        await program.work(CALLS / 5)
        await stage.settled()
        await stage.heal()
      }
      await stage.settled()
      await stage.end(program)
    },
  }
}

/** An answer with a code, a few times. */
export function code({ contender }: Stage, [grpc, http]: readonly [number, number]): Fault {
  return { kind: 'status', code: contender.google ? grpc : http, times: TIMES_EACH }
}

async function workAndEnd(stage: Stage): Promise<void> {
  const program = await stage.start()
  await program.work(CALLS)
  await stage.settled()
  await stage.end(program)
}

/** Ids are random, so this is one span in so many, the same one however often it is sent. */
export function oneIn(many: number): (span: RecordedSpan) => boolean {
  return ({ spanId }) => Number.parseInt(spanId.slice(-4), 16) % many === 0
}
