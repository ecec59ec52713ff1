import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Fault } from '../../../fixtures/google-cloud/fault.ts'
import { CALLS, googleOnly, type Scenario } from './scenario.ts'

/** What stands before the service is missing: credentials, the metadata server, the proxy. */
export const CREDENTIALS: readonly Scenario[] = [
  {
    id: 'no-credentials',
    hasOutage: true,
    title: 'no credentials',
    without: googleOnly,
    async play(stage) {
      const program = await stage.start({
        credentials: { credentials: 'none', projectId: stage.cloud.projectId },
      })
      await program.work(CALLS)
      await stage.end(program)
    },
  },
  {
    id: 'late-credentials',
    hasOutage: true,
    title: 'credentials that come late',
    without: googleOnly,
    async play(stage) {
      const program = await stage.start({
        credentials: { credentials: 'none', projectId: stage.cloud.projectId },
      })
      await program.work(CALLS)
      await sleep(stage.times.shortMs)
      const { cloud, lastEnvironment } = stage
      cloud.iam.grant('user', cloud.projectId)
      writeFileSync(
        join(lastEnvironment['CLOUDSDK_CONFIG'] ?? '', 'application_default_credentials.json'),
        JSON.stringify(cloud.authorizedUser(cloud.projectId)),
      )
      await stage.settled()
      await stage.end(program)
    },
  },
  metadata('metadata-absent', 'the metadata server is absent, then there', { kind: 'refuse' }),
  metadata('metadata-hangs', 'the metadata server hangs for a while', { kind: 'hang' }),
  {
    id: 'project-late',
    title: 'the metadata server, which alone knows the project, hangs for long',
    hasOutage: true,
    without: googleOnly,
    async play(stage) {
      await stage.cloud.faults.set('metadata', { kind: 'hang' })
      const program = await stage.start({ credentials: { credentials: 'metadata' } })
      await program.work(CALLS)
      await sleep(stage.times.longMs)
      await stage.heal()
      await stage.settled()
      await stage.end(program)
    },
  },
  metadata('metadata-late', 'the metadata server is there late', { kind: 'status', code: 503 }),
  {
    id: 'proxy-down',
    hasOutage: true,
    title: 'the proxy is down for a while',
    without: (id) => (id === 'stock-otlp' ? 'uses no proxy' : undefined),
    async play(stage) {
      await stage.cloud.faults.set('proxy', { kind: 'refuse' })
      const program = await stage.start()
      await program.work(CALLS)
      await sleep(stage.times.shortMs)
      await stage.heal()
      await stage.settled()
      await stage.end(program)
    },
  },
]

/** Project and token are the metadata server's; the project is named, so that only the token is late. */
function metadata(id: string, title: string, fault: Fault): Scenario {
  return {
    id,
    title,
    hasOutage: true,
    without: googleOnly,
    async play(stage) {
      await stage.cloud.faults.set('metadata', fault)
      const program = await stage.start()
      await program.work(CALLS)
      await sleep(stage.times.shortMs)
      await stage.heal()
      await stage.settled()
      await stage.end(program)
    },
  }
}
