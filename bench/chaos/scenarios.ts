import { ANSWERS } from './scenarios/answers.ts'
import { CREDENTIALS } from './scenarios/credentials.ts'
import { ENDS } from './scenarios/ends.ts'
import { MACHINE } from './scenarios/machine.ts'
import { OUTAGES } from './scenarios/outages.ts'
import type { Scenario } from './scenarios/scenario.ts'
import { TOGETHER } from './scenarios/together.ts'

/** Everything that is done to the contenders, in the order of the table. */
export const SCENARIOS: readonly Scenario[] = [
  ...ENDS,
  ...OUTAGES,
  ...ANSWERS,
  ...CREDENTIALS,
  ...MACHINE,
  ...TOGETHER,
]
