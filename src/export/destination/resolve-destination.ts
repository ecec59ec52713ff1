import type { Config } from '../../config/config.ts'
import { isGoogleEndpoint } from '../../config/endpoint.ts'
import type { Environment } from '../../config/load-config.ts'
import { askPatiently, type Patience } from './ask-patiently.ts'
import type { ServiceAccountKey } from './community-key.ts'
import { type Destination, type DestinationSource, PUBLIC_PROJECT } from './destination.ts'
import type { MetadataAnswer } from './metadata-project.ts'
import { readOtlpEnvironment } from './otlp-environment.ts'
import { isProjectId, PROJECT_ID_RULE } from './project-id.ts'

/** What the destination is resolved from. */
export interface DestinationInput {
  readonly config: Config
  readonly environment: Environment
  /** The key of public mode that this build carries. */
  readonly communityKey: ServiceAccountKey | undefined
  /** Asks the metadata server. Default: the real one. */
  readonly askMetadata?: () => Promise<MetadataAnswer>
  /** For a metadata server that comes late. Default: what is not known within a second is not waited for. */
  readonly patience?: Patience
}

/** A destination, and what the user should know about how it was found. */
export interface ResolvedDestination {
  readonly destination: Destination
  /** One line each: what happened, which value of which variable, what is used instead, what to do. */
  readonly warnings: readonly string[]
}

interface NamedProject {
  readonly source: DestinationSource
  readonly value: string
}

/**
 * Decides where spans go. The first valid one wins: a project named by a variable, an endpoint of the user's own, the
 * project of the metadata server, the public project (only off Google Cloud and only with a key), this machine.
 * Never rejects.
 *
 * @param input configuration, environment and key
 */
export async function resolveDestination(input: DestinationInput): Promise<ResolvedDestination> {
  const projects = namedProjects(input.config)
  const valid = projects.findIndex((project) => isProjectId(project.value))
  const invalid = valid < 0 ? projects : projects.slice(0, valid)
  const named = projects[valid]
  const warnings: string[] = []
  const destination: Destination = named
    ? { mode: 'private', projectId: named.value, source: named.source }
    : await resolveWithoutName(input, warnings)
  return {
    destination,
    warnings: [...invalid.map((project) => invalidId(project, destination)), ...warnings],
  }
}

async function resolveWithoutName(input: DestinationInput, warnings: string[]): Promise<Destination> {
  const { config, environment } = input
  const endpoints = namedEndpoints(config, environment)
  const own = endpoints.find((endpoint) => !isGoogleEndpoint(endpoint))
  const withoutProject: Destination = { mode: 'private', projectId: undefined, source: 'endpoint' }
  const needsProject = config.exporter === 'cloud-trace' || endpoints.some(isGoogleEndpoint)
  if (own !== undefined && !needsProject) return withoutProject

  const ask = input.askMetadata ?? (() => askMetadata(environment))
  const canDoWithout = own !== undefined && config.exporter !== 'cloud-trace'
  const answer = input.patience && !canDoWithout ? await askPatiently(ask, input.patience) : await ask()
  if (answer.kind === 'project') return { mode: 'private', projectId: answer.projectId, source: 'metadata' }
  if (own !== undefined) {
    if (canDoWithout) return withoutProject
    warnings.push(
      `ZEN_TELEMETRY_ENDPOINT="${own}" needs a project with the exporter cloud-trace, and none was found; using local ` +
        'files instead. Set ZEN_GCP_PROJECT, or ZEN_TELEMETRY_EXPORTER=otlp if it is an OpenTelemetry collector.',
    )
    return { mode: 'local' }
  }
  if (answer.kind === 'undecided') {
    warnings.push(
      `The metadata server of Google Cloud was asked for the project, but ${answer.reason}; using local files ` +
        'instead. Set ZEN_GCP_PROJECT to the project that should receive the spans.',
    )
    return { mode: 'local' }
  }
  return input.communityKey
    ? { mode: 'public', projectId: PUBLIC_PROJECT, key: input.communityKey }
    : { mode: 'local' }
}

/** Loaded only where no variable names a project. */
async function askMetadata(environment: Environment): Promise<MetadataAnswer> {
  const { askMetadataForProject } = await import('./metadata-project.ts')
  return askMetadataForProject(environment)
}

/** The endpoints the user named; that of the standard variables counts only with the exporter `otlp`. */
function namedEndpoints(config: Config, environment: Environment): readonly string[] {
  if (config.endpoints.length > 0 || config.exporter !== 'otlp') return config.endpoints
  const { url } = readOtlpEnvironment(environment).settings
  return url === undefined ? [] : [url]
}

function namedProjects(config: Config): readonly NamedProject[] {
  const projects: readonly (readonly [DestinationSource, string | undefined])[] = [
    ['ZEN_GCP_PROJECT', config.zenProject],
    ['GOOGLE_CLOUD_PROJECT', config.googleCloudProject],
    ['GCP_PROJECT', config.gcpProject],
  ]
  return projects.flatMap(([source, value]) => (value === undefined ? [] : [{ source, value }]))
}

function invalidId({ source, value }: NamedProject, destination: Destination): string {
  return (
    `${source}="${value}" is not the id of a project; using ${describe(destination)} instead. ` +
    `An id is ${PROJECT_ID_RULE}.`
  )
}

function describe(destination: Destination): string {
  if (destination.mode === 'local') return 'local files'
  if (destination.mode === 'public') return `the public project ${destination.projectId}`
  if (destination.projectId === undefined) return 'the endpoint without a project'
  const { projectId, source } = destination
  return source === 'metadata' ? `${projectId} of the metadata server` : `${source}="${projectId}"`
}
