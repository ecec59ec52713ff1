/** A worker thread that writes lines to a span queue as fast as it can. */
import { parentPort, workerData } from 'node:worker_threads'
import { openForWriting } from '../../src/transport/queue-writer.ts'

/** What the thread is started with. */
export interface QueueWriterInput {
  readonly queue: SharedArrayBuffer
  readonly writer: number
  readonly lines: number
  /** Whether a line that finds no room is written again. */
  readonly insists: boolean
}

const { queue, writer, lines, insists } = workerData as QueueWriterInput
const output = openForWriting(queue, 1_000_000)
let refused = 0
for (let index = 0; index < lines; index++) {
  const line = JSON.stringify({ writer, index, text: `${writer}ä`.repeat(index % 300) })
  while (!output.write(line)) {
    refused++
    if (!insists) break
  }
}
parentPort!.postMessage(refused)
