import { fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'

/** A Google Cloud in another process. */
export interface GoogleCloudProcess {
  /** The whole environment of a process that delivers to it, with a token from the metadata server. */
  readonly environment: Readonly<Record<string, string>>
  /** How many root spans have arrived since the last time it was asked. */
  delivered(): Promise<number>
  close(): void
}

/** Starts one. */
export async function startGoogleCloudProcess(): Promise<GoogleCloudProcess> {
  const child = fork(join(import.meta.dirname, 'google-cloud-process.ts'), { execArgv: ['--import', 'tsx'] })

  async function ask(request: 'environment' | 'delivered'): Promise<unknown> {
    child.send(request)
    const [answer] = (await once(child, 'message')) as [unknown]
    return answer
  }

  return {
    environment: (await ask('environment')) as Record<string, string>,
    delivered: async () => (await ask('delivered')) as number,
    close: () => child.disconnect(),
  }
}
