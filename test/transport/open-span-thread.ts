import { parentPort, workerData } from 'node:worker_threads'
import { closedInWorker, openedInWorker, watchProcessEnd } from '../../src/transport/open-in-workers.ts'
import { controlOf } from '../../src/transport/control-block.ts'

/** A worker thread with one open span, which sleeps deeply where it does not hear. */
const { memory, hears } = workerData as { readonly memory: SharedArrayBuffer; readonly hears: boolean }
const control = controlOf(memory)
openedInWorker(control)
watchProcessEnd(control, () => closedInWorker(control))
parentPort?.on('message', () => {})
parentPort?.postMessage('open')
if (!hears) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)
