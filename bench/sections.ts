import type { Section } from './section.ts'
import { awaits } from './sections/awaits.ts'
import { cachedRequire } from './sections/cached-require.ts'
import { calls } from './sections/calls.ts'
import { exporting } from './sections/exporting.ts'
import { manyModules } from './sections/many-modules.ts'
import { memory } from './sections/memory.ts'
import { scale } from './sections/scale.ts'
import { size } from './sections/size.ts'
import { startUp } from './sections/start-up.ts'
import { steady } from './sections/steady.ts'

/** All parts of the bench, in the order in which they run and are reported. */
export const SECTIONS: readonly Section[] = [
  startUp,
  calls,
  awaits,
  cachedRequire,
  manyModules,
  exporting,
  memory,
  size,
  steady,
  scale,
]
