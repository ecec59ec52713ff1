import { execFile } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import type { TraceSpan } from '../../src/cli/traces/trace-span.ts'
import { readTraceFiles } from '../../src/cli/traces/read-trace-files.ts'

/** What the application wrote and the agent recorded. */
export interface TracedRun {
  readonly stdout: string
  readonly stderr: string
  readonly spans: readonly TraceSpan[]
}

const REPOSITORY = resolve(import.meta.dirname, '..', '..')
/** Whatever of the shell would lead the spans elsewhere, or stop them. */
const NOT_INHERITED = /^(ZEN|OTEL|GOOGLE|GCP|GCE)_|^(DO_NOT_TRACK|NODE_OPTIONS)$/
const LONGEST_RUN_MS = 60_000

/** How the application is started, as a user would write it. */
export const ARGUMENTS: readonly string[] = ['--require', '@zen/telemetry/register', 'app.cjs', '--runs', '1']

/** Where the traces stay after the demo, from the folder of the repository. */
export const STATE_FOLDER: string = join('.work', 'demo')

/** Runs a fixture application under the built agent in a temporary folder, which is gone afterwards. */
export async function runTracedApplication(): Promise<TracedRun> {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'zen-telemetry-demo-')))
  try {
    const application = installApplication(folder)
    const state = join(REPOSITORY, STATE_FOLDER)
    rmSync(state, { recursive: true, force: true })
    const output = await runNode(application, environment(state))
    return { ...output, spans: readTraceFiles(state) }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** An application that depends on `zen`; the agent is linked to where npm would install it. */
function installApplication(folder: string): string {
  const application = join(folder, 'application')
  const modules = join(application, 'node_modules')
  cpSync(join(REPOSITORY, 'fixtures', 'apps', 'script-cjs'), application, { recursive: true })
  cpSync(join(REPOSITORY, 'fixtures', 'packages', 'zen-cjs'), join(modules, 'zen'), { recursive: true })
  mkdirSync(join(modules, '@zen'))
  symlinkSync(REPOSITORY, join(modules, '@zen', 'telemetry'), 'junction')
  return application
}

/** No project and nobody asked for one: local mode, on Google Cloud too. */
function environment(state: string): NodeJS.ProcessEnv {
  const inherited = Object.entries(process.env).filter(([name]) => !NOT_INHERITED.test(name))
  return {
    ...Object.fromEntries(inherited),
    METADATA_SERVER_DETECTION: 'none',
    ZEN_TELEMETRY_EXPORTER: 'local',
    ZEN_TELEMETRY_DIR: state,
    ZEN_TELEMETRY_SAMPLE_RATE: '1',
    // A machine that has just built something may be busy.
    ZEN_TELEMETRY_EXIT_TIMEOUT: '20',
  }
}

function runNode(cwd: string, env: NodeJS.ProcessEnv): Promise<{ stdout: string; stderr: string }> {
  return new Promise((resolveRun, reject) => {
    execFile(process.execPath, ARGUMENTS, { cwd, env, timeout: LONGEST_RUN_MS }, (error, stdout, stderr) => {
      if (error) reject(new Error(`the application failed: ${error.message}`))
      else resolveRun({ stdout, stderr })
    })
  })
}
