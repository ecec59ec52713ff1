import { join } from 'node:path'
import type { Config } from '../../config/config.ts'
import type { Environment } from '../../config/load-config.ts'
import { explainConsent } from '../../config/consent.ts'
import type { Destination } from '../../export/destination/destination.ts'
import { publicNoticeShown } from '../../export/destination/public-notice.ts'
import { readProcessStatuses } from '../../export/metrics/process-status.ts'
import { withoutSecrets } from '../../export/privacy/without-secrets.ts'
import { type CliCommand, EXIT } from '../command.ts'
import { readContext } from '../context.ts'
import { explainCredentials, findCredentials } from '../credentials-source.ts'
import { explainProcess } from '../explain-process.ts'
import { type FolderSize, folderSize } from '../folder-size.ts'
import { resolveHere } from '../resolve-here.ts'

const KILOBYTE = 1024

/** Says whether anything would be recorded in this folder and shell, and where it would go. */
export const status: CliCommand = {
  name: 'status',
  summary: 'on or off and why, mode, project, credentials, exporter, journal, running processes',
  async run({ environment, cwd, report }) {
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
      ...processes.map((one) => `process      ${withoutSecrets(explainProcess(one))}`),
    ]
    if (!consent.on) {
      report(common, (style) => [style('bold', first), ...last])
      return EXIT.fine
    }

    const resolved = await resolveHere(config, environment)
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
    report(data, (style) => [
      style('bold', first),
      `mode         ${explainMode(destination)}`,
      ...(credentials ? [`credentials  ${explainCredentials(credentials)}`] : []),
      ...(data.noticeShown === undefined
        ? []
        : [`notice       ${explainNotice(data.noticeShown, environment)}`]),
      `exporter     ${[data.exporter, ...data.endpoints].join(' ')}`,
      ...last,
      ...problems.map((problem) => style('yellow', `warning      ${problem}`)),
    ])
    return problems.length > 0 || credentials?.kind === 'unusable' ? EXIT.findings : EXIT.fine
  },
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
