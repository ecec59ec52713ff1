import { Resolver } from 'node:dns/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { isGoogleComputeEngine } from 'gcp-metadata'
import type { Environment } from '../../config/load-config.ts'
import { askMetadataServer, metadataUrl } from './metadata-server.ts'
import { isProjectId } from './project-id.ts'

/** What the metadata server of Google Cloud said about the project. */
export type MetadataAnswer =
  | { readonly kind: 'project'; readonly projectId: string }
  /** This is not Google Cloud: nobody is there, or it is another cloud's server. */
  | { readonly kind: 'absent' }
  /** This may be Google Cloud, but no project was learnt. */
  | { readonly kind: 'undecided'; readonly reason: string }

/** How the metadata server is looked for. */
export interface MetadataOptions {
  /** Milliseconds for everything. Default: 1,000. */
  readonly budgetMs?: number
  /** Whether the machine itself looks like Google's. Default: look at its firmware and network cards. */
  readonly onGoogleCloud?: boolean
}

const BUDGET_MS = 1_000
/** On Google Cloud the server answers within a few milliseconds, and its name is known. */
const UNKNOWN_NAME_BUDGET_MS = 300
const RETRY_EVERY_MS = 100
const SERVER_NAME = 'metadata.google.internal'
const SERVERLESS = ['K_SERVICE', 'CLOUD_RUN_JOB', 'FUNCTION_NAME', 'GAE_SERVICE'] as const

/**
 * Asks the metadata server for the project. Never rejects.
 *
 * @param environment names and values; `GCE_METADATA_HOST`, `GCE_METADATA_IP` and `METADATA_SERVER_DETECTION` count
 * @param options mostly for tests
 */
export async function askMetadataForProject(
  environment: Environment,
  options: MetadataOptions = {},
): Promise<MetadataAnswer> {
  const detection = environment['METADATA_SERVER_DETECTION']?.trim().toLowerCase()
  const onGoogleCloud =
    options.onGoogleCloud ??
    (detection === 'assume-present' ||
      SERVERLESS.some((name) => environment[name]) ||
      isGoogleComputeEngine())
  if (detection === 'none' || (detection === 'bios-only' && !onGoogleCloud)) return { kind: 'absent' }

  const url = metadataUrl(environment, 'project/project-id')
  if (url === undefined) return { kind: 'absent' }

  const budget = AbortSignal.timeout(options.budgetMs ?? BUDGET_MS)
  const unknownName = new AbortController()
  const host = environment['GCE_METADATA_IP'] || environment['GCE_METADATA_HOST']
  if (!onGoogleCloud && !host) void giveUpSoonIfNameIsUnknown(unknownName, budget)
  return askUntil(url, onGoogleCloud, AbortSignal.any([budget, unknownName.signal]))
}

async function askUntil(url: string, onGoogleCloud: boolean, signal: AbortSignal): Promise<MetadataAnswer> {
  let reason = 'it did not answer'
  while (!signal.aborted) {
    const reply = await askMetadataServer(url, signal)
    if (reply.kind === 'answer') {
      // On Google's machines, what answers in its place has nothing to say about where this is.
      if (!reply.google && !onGoogleCloud) return { kind: 'absent' }
      const projectId = reply.body.trim()
      if (reply.google && reply.status === 200 && isProjectId(projectId))
        return { kind: 'project', projectId }
      reason = `it answered ${reply.status}`
    } else {
      if (!reply.connected && !onGoogleCloud) return { kind: 'absent' }
      reason = signal.aborted ? 'it did not answer in time' : `the connection failed (${reply.code})`
    }
    await sleep(RETRY_EVERY_MS, undefined, { signal }).catch(() => {})
  }
  return { kind: 'undecided', reason }
}

/** Off Google Cloud many networks swallow packets to the server's address, while its name is refused at once. */
async function giveUpSoonIfNameIsUnknown(controller: AbortController, budget: AbortSignal): Promise<void> {
  // Not `dns.lookup`: that would occupy a thread of the pool the application's file access waits for.
  const resolver = new Resolver({ timeout: BUDGET_MS, tries: 1 })
  budget.addEventListener('abort', () => resolver.cancel(), { once: true })
  const code = await resolver.resolve4(SERVER_NAME).then(
    () => 'found',
    (thrown: NodeJS.ErrnoException) => thrown.code,
  )
  if (code !== 'ENOTFOUND' && code !== 'ECONNREFUSED') return
  await sleep(UNKNOWN_NAME_BUDGET_MS, undefined, { signal: budget, ref: false }).catch(() => {})
  controller.abort()
}
