import { expect, it } from 'vitest'
import { isLeftOut } from '../../src/transport/left-out.ts'
import { controlOf, Word } from '../../src/transport/control-block.ts'
import { allocateSpanQueue } from '../../src/transport/queue-memory.ts'

const ROOT = { parent: undefined, parentIsRemote: false, hasFailed: false }
const CHILD = { ...ROOT, parent: 'another' }
const FAILED = { ...CHILD, hasFailed: true }
const BELOW_ANOTHER = { ...CHILD, parentIsRemote: true }

it('leaves nothing out while spans are delivered', () => {
  const control = controlOf(allocateSpanQueue(1))
  expect([ROOT, CHILD, FAILED].map((span) => isLeftOut(control, span))).toEqual([false, false, false])
})

it('leaves out and counts what is neither a root nor failed while deliveries fail', () => {
  const control = controlOf(allocateSpanQueue(1))
  Atomics.store(control, Word.rootsOnly, 1)
  const leftOut = [ROOT, BELOW_ANOTHER, CHILD, FAILED].map((span) => isLeftOut(control, span))
  expect(leftOut).toEqual([false, false, true, false])
  expect(Atomics.load(control, Word.droppedFallback)).toBe(1)
})
