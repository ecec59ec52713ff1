import { writeSync } from 'node:fs'
import { messageOf } from '../../shared/errors.ts'
import type { WireSpan } from '../../transport/wire.ts'
import type { Exporter } from './exporter.ts'

const STDERR = 2

/**
 * Writes each span as one line to stderr: name, duration, status, then everything else there is, as JSON.
 *
 * @param write takes a finished line. Default: stderr, written synchronously
 */
export function createConsoleExporter(write: (line: string) => void = writeStderr): Exporter {
  return {
    name: 'console',
    async send(spans) {
      try {
        for (const span of spans) write(`${lineOf(span)}\n`)
        return { status: 'accepted' }
      } catch (thrown) {
        // Nobody reads it, and nobody will: trying again would only hold the end of the process.
        return {
          status: 'accepted',
          rejected: { count: spans.length, message: `stderr cannot be written: ${messageOf(thrown)}` },
        }
      }
    },
    close: async () => {},
  }
}

function lineOf({ name, start, end, origin: _origin, ...rest }: WireSpan): string {
  const status = rest.error ? 'ERROR' : 'OK'
  const details = { start: new Date(start).toISOString(), ...rest }
  // JSON takes the line breaks out of names, messages and stacks.
  return `[zen-telemetry] span ${JSON.stringify(name).slice(1, -1)} ${(end - start).toFixed(3)} ms ${status} ${JSON.stringify(details)}`
}

function writeStderr(line: string): void {
  writeSync(STDERR, line)
}
