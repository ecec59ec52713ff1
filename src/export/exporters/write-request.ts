import { appendFileSync, closeSync, constants, openSync, writeSync } from 'node:fs'
import type { EncodedRequest } from './exporter.ts'

const STDERR = 2
const { O_APPEND, O_CREAT, O_NONBLOCK, O_WRONLY } = constants
/** A pipe that nobody reads would stop this thread, and with it the end of the process. */
const APPEND = O_WRONLY | O_APPEND | O_CREAT | O_NONBLOCK

/** One line of the file that `zen-telemetry inspect` reads. */
export interface ShownRequest extends Omit<EncodedRequest, 'body'> {
  readonly bytes: number
  /** The bytes themselves, in base64. */
  readonly body: string
}

/** Writes a request to stderr, as lines for people: where it would go, its size, and all that is in it. */
export function writeRequestToStderr({ to, type, body, readable }: EncodedRequest): void {
  const head = `[zen-telemetry] not sent to ${to}: ${body.length} bytes, ${type}`
  writeSync(STDERR, `${head}\n${JSON.stringify(readable, undefined, 2)}\n`)
}

/**
 * Appends a request to a file, as one line of JSON. Several processes may write to it.
 *
 * @param file absolute
 */
export function writeRequestToFile(file: string, { to, type, body, readable }: EncodedRequest): void {
  const shown: ShownRequest = {
    to,
    type,
    bytes: body.length,
    body: Buffer.from(body).toString('base64'),
    readable,
  }
  const descriptor = openSync(file, APPEND, 0o600)
  try {
    appendFileSync(descriptor, `${JSON.stringify(shown)}\n`)
  } finally {
    closeSync(descriptor)
  }
}
