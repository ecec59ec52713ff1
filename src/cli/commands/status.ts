import { join } from 'node:path'
import { InvalidArgumentError, Option } from 'commander'
import type { Config } from '../../config/config.ts'
import type { Environment } from '../../config/load-config.ts'
import { explainConsent } from '../../config/consent.ts'
import type { Destination } from '../../export/destination/destination.ts'
import type { ResolvedDestination } from '../../export/destination/resolve-destination.ts'
import { publicNoticeShown } from '../../export/destination/public-notice.ts'
import { readProcessStatuses } from '../../export/metrics/process-status.ts'
import { withoutSecrets } from '../../export/privacy/without-secrets.ts'
import { type CliCommand, EXIT } from '../command.ts'
import { readContext } from '../context.ts'
import { explainCredentials, findCredentials } from '../credentials-source.ts'
import { explainProcess } from '../explain-process.ts'
import { type FolderSize, folderSize } from '../folder-size.ts'
import { resolveHere } from '../resolve-here.ts'
import type { Style } from '../terminal.ts'
import { type Look, watch } from '../watch.ts'

const KILOBYTE = 1024
const MILLISECONDS = 1000
const SECONDS_BETWEEN_LOOKS = 2
const A_DAY = 86_400

/** Says whether anything would be recorded in this folder and shell, and where it would go. */
export const status: CliCommand = {
  name: 'status',
  summary: 'on or off and why, mode, project, credentials, exporter, journal, running processes',
  define(command) {
    command
      .option('--watch', 'look again and again, until Ctrl-C')
      .addOption(
        new Option(
          '--every <seconds>',
          'how often with --watch; a process updates what it says every 5 seconds',
        )
          .argParser(seconds)
          .default(SECONDS_BETWEEN_LOOKS),
      )
      .addHelpText(
        'after',
        `
With --watch the exit code is 0. On a terminal the screen is drawn in place; elsewhere one block follows the other, and
with --json each line is one document.`,
      )
  },
  async run({ environment, cwd, options, terminal, json, report }) {
    // The environment of this command does not change, and to ask for the project may take a second.
    const resolve = once((config: Config) => resolveHere(config, environment))
    const look = () => lookOnce(environment, cwd, resolve)
    if (options['watch'] === true) {
      await watch(look, { terminal, json, everyMs: (options['every'] as number) * MILLISECONDS })
      return EXIT.fine
    }
    const { data, lines, problems } = await look()
    report(data, lines)
    return problems ? EXIT.findings : EXIT.fine
  },
}

/** What holds now. */
async function lookOnce(
  environment: Environment,
  cwd: string,
  resolve: (config: Config) => Promise<ResolvedDestination>,
): Promise<Look & { readonly problems: boolean }> {
  const { config, warnings, folder, consent } = readContext({ environment, cwd })
  const journal = { folder: join(folder, 'journal'), ...folderSize(join(folder, 'journal')) }
  const traces = { folder: join(folder, 'traces'), ...folderSize(join(folder, 'traces')) }
  const processes = readProcessStatuses(folder)
  const common = {
    telemetry: consent.on ? 'on' : 'off',
    rule: consent.rule,
    folder,
    journal,
    traces,
    processes,
  }
  const first = `telemetry    ${consent.on ? 'on' : 'off'}: ${explainConsent(consent)}`
  const last = [
    `journal      ${explainSize(journal)} wait in ${journal.folder}`,
    `local files  ${explainSize(traces)} in ${traces.folder}`,
    ...processes.flatMap((one) => explainProcess(one).map(withoutSecrets)),
  ]
  if (!consent.on) {
    return { data: common, lines: (style) => [style('bold', first), ...last], problems: false }
  }

  const resolved = await resolve(config)
  const { destination } = resolved
  const problems = [...warnings, ...resolved.warnings].map(withoutSecrets)
  const credentials = destination.mode === 'private' ? findCredentials(environment) : undefined
  const data = {
    ...common,
    mode: destination.mode,
    project: 'projectId' in destination ? destination.projectId : undefined,
    source: 'source' in destination ? destination.source : undefined,
    credentials,
    ...(destination.mode === 'public' && { noticeShown: publicNoticeShown(folder) }),
    exporter: exporterOf(config, destination),
    endpoints: config.endpoints.map(withoutSecrets),
    warnings: problems,
  }
  const lines = (style: Style): string[] => [
    style('bold', first),
    `mode         ${explainMode(destination)}`,
    ...(credentials ? [`credentials  ${explainCredentials(credentials)}`] : []),
    ...(data.noticeShown === undefined
      ? []
      : [`notice       ${explainNotice(data.noticeShown, environment)}`]),
    `exporter     ${[data.exporter, ...data.endpoints].join(' ')}`,
    ...last,
    ...problems.map((problem) => style('yellow', `warning      ${problem}`)),
  ]
  return { data, lines, problems: problems.length > 0 || credentials?.kind === 'unusable' }
}

function once<Input, Result>(make: (input: Input) => Result): (input: Input) => Result {
  let made: { readonly result: Result } | undefined
  return (input) => (made ??= { result: make(input) }).result
}

function seconds(text: string): number {
  const value = Number(text)
  if (!(value > 0 && value <= A_DAY)) throw new InvalidArgumentError('A number of seconds, a day at most.')
  return value
}

/** In local mode nothing is sent, whatever was asked for. */
function exporterOf(config: Config, destination: Destination): string {
  const writesAnyway = config.exporter === 'console' || config.exporter === 'none'
  return destination.mode === 'local' && !writesAnyway ? 'local' : config.exporter
}

function explainMode(destination: Destination): string {
  if (destination.mode === 'local') return 'local: no project was found, traces stay in files on this machine'
  if (destination.mode === 'public') return `public: to the community project ${destination.projectId}`
  if (destination.projectId === undefined) return 'private: to the endpoint that was named'
  return `private: to project ${destination.projectId} (from ${destination.source})`
}

function explainNotice(shown: boolean, environment: Environment): string {
  if (environment['CI']) return 'cannot be shown here (CI is set), so that nothing is sent'
  return shown
    ? 'was shown on this machine'
    : 'was not shown yet; nothing is sent before it is, on a terminal'
}

function explainSize({ files, bytes }: FolderSize): string {
  return `${files} files, ${Math.ceil(bytes / KILOBYTE)} KB`
}
