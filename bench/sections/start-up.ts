import type { Section } from '../section.ts'
import { measureIdleStart } from './start-up-idle.ts'
import { measurePreload } from './start-up-inside.ts'
import { measureOneCall } from './start-up-one-call.ts'

/** Whole processes, from start to end: what a preload adds to one that never loads a target, and to one call. */
export const startUp: Section = {
  name: 'start-up',
  measure(laboratory, line) {
    const kinds = ['cjs', 'esm'] as const
    return {
      findings: [
        ...kinds.flatMap((kind) => measureIdleStart(laboratory, line, kind)),
        ...kinds.flatMap((kind) => measurePreload(laboratory, line, kind)),
        ...kinds.flatMap((kind) => measureOneCall(laboratory, line, kind)),
      ],
    }
  },
}
