import { join } from 'node:path'
import { type Consent, explainConsent } from '../../config/consent.ts'
import type { Environment } from '../../config/load-config.ts'
import type { Destination } from '../../export/destination/destination.ts'
import { askMetadataForProject } from '../../export/destination/metadata-project.ts'
import { proxyEnvironment } from '../../export/destination/proxy-environment.ts'
import { nodeFeatures } from '../../shared/node-features.ts'
import type { Context } from '../context.ts'
import { type CredentialsSource, explainCredentials, findCredentials } from '../credentials-source.ts'
import { type Finding, finding } from '../findings/finding.ts'
import { folderSize } from '../folder-size.ts'
import { resolveHere } from '../resolve-here.ts'
import { checkExportThread } from './check-export-thread.ts'
import { checkNetwork } from './check-network.ts'
import { needsGoogle } from './configured-endpoints.ts'
import { checkWrite } from './check-write.ts'
import { credentialsExpiry } from './credentials-expiry.ts'
import { sendSmokeSpan, type SmokeSpan } from './smoke-span.ts'

/** What was found about everything but the program itself. */
export interface SetUp {
  readonly findings: readonly Finding[]
  /** Undefined where telemetry is off. */
  readonly destination: Destination | undefined
  /** Undefined where nothing was sent. */
  readonly smoke: SmokeSpan | undefined
}

/** What a set-up is checked with. */
export interface SetUpInput {
  readonly context: Context
  /** The environment of this process itself. */
  readonly environment: Environment
  readonly cwd: string
  /** Where the agent's parts are. */
  readonly agentFolder: string
  /** Told what is done, before it is done. */
  readonly progress: (what: string) => void
}

/** Consent, Node, export thread, destination, credentials, network, clock, journal, and one span that is really sent. */
export async function checkSetUp(input: SetUpInput): Promise<SetUp> {
  const { context, environment, cwd, progress } = input
  const { consent, config, folder } = context
  const journal = join(folder, 'journal')
  const always = [nodeFinding(), finding('journal', { folder: journal, ...folderSize(journal) })]
  if (!consent.on) {
    return { findings: [offFinding(consent), ...always], destination: undefined, smoke: undefined }
  }
  const findings: Finding[] = [finding('consent-on', { why: explainConsent(consent) }), ...always]
  progress('starting an export thread')
  findings.push(await checkExportThread(config, environment, input.agentFolder))
  progress('looking for the project')
  const { destination, warnings } = await resolveHere(config, environment)
  for (const problem of [...context.warnings, ...warnings])
    findings.push(finding('project-invalid', { problem }))
  findings.push(finding('destination', { text: describe(destination) }))
  const local = destination.mode === 'local' || ['local', 'console', 'none'].includes(config.exporter)
  if (local || destination.mode === 'public') return { findings, destination, smoke: undefined }

  const credentials = findCredentials(environment)
  const found = needsGoogle(config, environment)
    ? await credentialsFinding(credentials, environment)
    : finding('credentials', { text: 'none needed, the endpoint is not one of Google' })
  findings.push(found)
  progress('going the way to the endpoints')
  const network = await checkNetwork(config, environment, cwd)
  findings.push(...network.findings)
  if (!network.reachable || found.code === 'credentials-missing') {
    return { findings: withoutConsequences(findings), destination, smoke: undefined }
  }
  if (needsGoogle(config, environment)) {
    // As in the agent: the libraries behind it read them from the process.
    Object.assign(environment, proxyEnvironment(environment))
    const projectId = 'projectId' in destination ? destination.projectId : undefined
    const expiry = await credentialsExpiry(credentials, projectId)
    if (expiry) findings.push(expiry)
  }
  progress('sending one span')
  const smoke = await sendSmokeSpan(config, destination, environment)
  findings.push(await checkWrite(smoke, { destination, credentials, environment }))
  return { findings: withoutConsequences(findings), destination, smoke }
}

/** With a wrong clock no token and no certificate holds, and without credentials there are none to speak of. */
function withoutConsequences(findings: readonly Finding[]): Finding[] {
  const has = (code: Finding['code']): boolean => findings.some((found) => found.code === code)
  return findings.filter(({ code }) => {
    if (code === 'key-rejected' || code === 'login-expired' || code === 'tls-failed')
      return !has('clock-skew')
    return code !== 'credentials' || !has('credentials-missing')
  })
}

async function credentialsFinding(
  credentials: CredentialsSource,
  environment: Environment,
): Promise<Finding> {
  if (credentials.kind === 'unusable')
    return finding('credentials-unusable', { problem: credentials.problem })
  if (credentials.kind === 'metadata' && (await askMetadataForProject(environment)).kind === 'absent') {
    return finding('credentials-missing')
  }
  return finding('credentials', { text: explainCredentials(credentials) })
}

function nodeFinding(): Finding {
  const { synchronousHooks } = nodeFeatures(process.versions.node)
  const hooks = synchronousHooks ? 'synchronous hooks' : 'a loader thread for ES modules'
  return finding('node-ok', { version: process.versions.node, hooks })
}

function offFinding(consent: Consent): Finding {
  const { rule } = consent
  const fixes = {
    variable: () => `unset ${rule.kind === 'variable' ? rule.variable : ''}`,
    user: () => 'npx zen-telemetry enable',
    'user-unreadable': () => 'npx zen-telemetry enable',
    package: () => `npm pkg delete zen.telemetry    # in ${rule.kind === 'package' ? rule.file : ''}`,
    default: () => '',
  }
  return finding('switched-off', { why: explainConsent(consent), fix: fixes[rule.kind]() })
}

function describe(destination: Destination): string {
  if (destination.mode === 'local') return 'no project: spans stay in files on this machine (local mode)'
  if (destination.mode === 'public') return `public mode: spans go to ${destination.projectId}`
  return destination.projectId === undefined
    ? 'spans go to the endpoint that was named'
    : `spans go to project ${destination.projectId} (from ${destination.source})`
}
