import { explainConsent } from '../../config/consent.ts'
import { checkWrite } from '../checks/check-write.ts'
import { needsGoogle } from '../checks/configured-endpoints.ts'
import { readTraceBack, type ReadBack } from '../checks/read-trace.ts'
import { SMOKE_SPAN_NAME, sendSmokeSpan } from '../checks/smoke-span.ts'
import { type CliCommand, EXIT } from '../command.ts'
import { readContext } from '../context.ts'
import { findCredentials } from '../credentials-source.ts'
import { findingData, findingLines } from '../findings/findings-report.ts'
import { resolveHere } from '../resolve-here.ts'

/** Sends one span to where spans go, and reads it back where the credentials allow that. */
export const smokeTest: CliCommand = {
  name: 'smoke-test',
  summary: `send one span (${SMOKE_SPAN_NAME}) and read it back`,
  async run({ environment, cwd, terminal, report, json }) {
    const context = readContext({ environment, cwd })
    if (!context.consent.on) throw new Error(`telemetry is off: ${explainConsent(context.consent)}`)
    const { destination, warnings } = await resolveHere(context.config, environment)
    for (const warning of warnings) terminal.note(warning)
    if (destination.mode === 'public') {
      throw new Error(
        'public mode sends only what the program itself does; set GOOGLE_CLOUD_PROJECT to test your own',
      )
    }
    if (!json) terminal.note('… sending one span')
    const sent = await sendSmokeSpan(context.config, destination, environment)
    const written = await checkWrite(sent, {
      destination,
      credentials: findCredentials(environment),
      environment,
    })
    const { traceId, exporter, milliseconds } = sent
    const common = { span: SMOKE_SPAN_NAME, traceId, exporter, mode: destination.mode }
    if (written.code !== 'write-accepted') {
      report({ ...common, status: 'failed', finding: findingData(written) }, (style) =>
        findingLines([written], style),
      )
      return EXIT.findings
    }
    const project = destination.mode === 'private' ? destination.projectId : undefined
    const readable =
      project !== undefined && sent.exporter !== 'local' && needsGoogle(context.config, environment)
    if (readable && !json) terminal.note('… reading it back')
    const back = readable ? await readTraceBack(project, traceId, SMOKE_SPAN_NAME) : undefined
    const status = back?.kind === 'found' ? 'read-back' : 'acknowledged-only'
    report({ ...common, project, status, acknowledgedMs: milliseconds, readBack: back }, (style) => [
      `${style('green', '✓')} ${exporter} accepted ${SMOKE_SPAN_NAME} in ${milliseconds} ms`,
      `  trace ${traceId}`,
      ...(back === undefined ? [] : [explainReadBack(back)]),
      ...(readable
        ? [`  https://console.cloud.google.com/traces/list?project=${project}&tid=${traceId}`]
        : []),
    ])
    return back?.kind === 'not-found' || back?.kind === 'failed' ? EXIT.findings : EXIT.fine
  },
}

function explainReadBack(back: ReadBack): string {
  if (back.kind === 'found') return `✓ read back from Cloud Trace after ${back.milliseconds} ms`
  if (back.kind === 'not-found') return `! acknowledged only: it could not be read within ${back.seconds} s`
  if (back.kind === 'failed') return `! acknowledged only: it could not be read: ${back.problem}`
  return '· acknowledged only: these credentials may write and not read (roles/cloudtrace.user would), as is right for an agent'
}
