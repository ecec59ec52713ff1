import type { Section } from './section.ts'
import { awaits } from './sections/awaits.ts'
import { cachedRequire } from './sections/cached-require.ts'
import { calls } from './sections/calls.ts'
import { manyModules } from './sections/many-modules.ts'
import { startUp } from './sections/start-up.ts'

/** All parts of the bench, in the order in which they run and are reported. */
export const SECTIONS: readonly Section[] = [startUp, calls, awaits, cachedRequire, manyModules]
