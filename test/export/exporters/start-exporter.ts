import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { ServiceAccountKey } from '../../../src/export/destination/community-key.ts'
import type { OtlpSettings } from '../../../src/export/destination/otlp-environment.ts'
import type { ExportOutcome } from '../../../src/export/exporters/exporter.ts'
import type { Mode, WireSpan } from '../../../src/transport/wire.ts'

export interface ExporterSetup {
  kind: 'cloud-trace' | 'otlp'
  projectId: string
  endpoint?: string
  key?: ServiceAccountKey
  mode?: Mode
  settings?: Partial<Pick<OtlpSettings, 'headers' | 'compression' | 'timeoutMs'>>
}

export interface SendRequest {
  spans: WireSpan[]
  timeoutMs: number
}

export interface SendResult {
  outcome: ExportOutcome
  milliseconds: number
}

export interface ExporterProcess {
  send(spans: WireSpan[], timeoutMs?: number): Promise<SendResult>
  /** Ends it, and tells what it wrote to stdout and stderr. */
  close(): Promise<string>
}

/** Starts a process with exactly this environment that holds one exporter, and speaks to it. */
export async function startExporter(
  setup: ExporterSetup,
  env: Record<string, string>,
): Promise<ExporterProcess> {
  const file = fileURLToPath(new URL('exporter-process.ts', import.meta.url))
  const child = fork(file, [JSON.stringify(setup)], { env, execArgv: ['--import', 'tsx'], silent: true })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (chunk) => (output += String(chunk)))
  }
  const died = once(child, 'exit').then(([code]) => {
    throw new Error(`the exporter process ended with ${String(code)}: ${output}`)
  })
  died.catch(() => {})
  await Promise.race([once(child, 'message'), died])
  return {
    async send(spans, timeoutMs = 5000) {
      const answer = once(child, 'message')
      child.send({ spans, timeoutMs })
      const [result] = (await Promise.race([answer, died])) as [SendResult]
      return result
    },
    async close() {
      const exit = once(child, 'close')
      child.send('close')
      await exit
      return output
    },
  }
}
