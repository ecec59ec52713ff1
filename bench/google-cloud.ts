import { fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'

/** Numbers of spans. */
export interface Delivered {
  readonly spans: number
  /** Those of them that have no parent. */
  readonly roots: number
}

/** A Google Cloud in another process: the bench blocks while it waits for what it measures. */
export interface GoogleCloudProcess {
  /** The whole environment of a process that delivers to it, with a token from the metadata server. */
  readonly environment: Readonly<Record<string, string>>
  /** Base URL of an OTLP collector that asks for no credentials. */
  readonly collector: string
  /** Port on this machine that answers everything with an empty object. */
  readonly sinkPort: number
  /** What has arrived since the last time it was asked. */
  delivered(): Promise<Delivered>
  close(): void
}

/** Starts one. */
export async function startGoogleCloudProcess(): Promise<GoogleCloudProcess> {
  const child = fork(join(import.meta.dirname, 'google-cloud-process.ts'), { execArgv: ['--import', 'tsx'] })

  async function ask(request: 'environment' | 'addresses' | 'delivered'): Promise<unknown> {
    child.send(request)
    const [answer] = (await once(child, 'message')) as [unknown]
    return answer
  }

  const environment = (await ask('environment')) as Record<string, string>
  const { sink, collector } = (await ask('addresses')) as { sink: number; collector: string }
  return {
    environment,
    collector,
    sinkPort: sink,
    delivered: async () => (await ask('delivered')) as Delivered,
    close: () => child.disconnect(),
  }
}
