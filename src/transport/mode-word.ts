import { Word } from './control-block.ts'
import type { Mode } from './wire.ts'

const MODES: readonly (Mode | undefined)[] = [undefined, 'private', 'public', 'local']

/** Tells all threads of the application where spans go. */
export function storeMode(control: Int32Array, mode: Mode): void {
  Atomics.store(control, Word.mode, MODES.indexOf(mode))
}

/** Where spans go; undefined while that is undecided. */
export function loadMode(control: Int32Array): Mode | undefined {
  return MODES[Atomics.load(control, Word.mode)]
}
