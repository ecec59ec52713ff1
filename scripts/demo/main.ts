/** `npm run demo`: an unmodified application under the agent, and its traces as trees. Needs no account, no network. */
import { styleText } from 'node:util'
import { buildAgent } from './build-agent.ts'
import { buildTraces } from '../../src/cli/traces/build-traces.ts'
import { type Paint, renderTraces } from '../../src/cli/traces/render-traces.ts'
import { ARGUMENTS, runTracedApplication, STATE_FOLDER } from './run-traced-application.ts'

const NARROWEST = 60
const WIDEST = 110
const USUAL = 80

const colourful = process.stdout.isTTY && !process.env['NO_COLOR']
const paint: Paint = (colour, text) => (colourful ? styleText(colour, text, { validateStream: false }) : text)
const width = Math.min(WIDEST, Math.max(NARROWEST, process.stdout.columns || USUAL))

const NEXT = `No argument, no result and no name of a command is recorded; errors are, with message and stack.
Nothing has left this machine: without a Google Cloud project, traces stay in local files.

What next
  In an application   npm install @zen/telemetry
                      node --import @zen/telemetry/register app.mjs     (--require for CommonJS)
  To Cloud Trace      gcloud auth application-default login; GOOGLE_CLOUD_PROJECT=my-project
  Switch it off       ZEN_TELEMETRY_DISABLED=true
  All the rest        README.md; how it works: docs/ARCHITECTURE.md

See them in the browser, with everything that was recorded:
  ZEN_TELEMETRY_DIR=${STATE_FOLDER} node dist/cli.cjs view     (npx zen-telemetry view, where it is installed)`

print(paint('gray', 'Building the agent …'))
await buildAgent()
print('')
print('An unmodified application that uses ZenOrchestrator is started with one more flag:')
print('')
print(paint('gray', `$ node ${ARGUMENTS.join(' ')}`))
const { stdout, stderr, spans } = await runTracedApplication()
print(indented(stdout + stderr))
print('')
if (spans.length > 0) {
  print('That is all the application says. The agent has recorded its calls meanwhile:')
  print('')
  for (const line of renderTraces(buildTraces(spans), { width, paint })) print(line)
  print('')
  print(NEXT)
} else {
  print('The agent recorded no spans. That should not be; `npm test` may tell why.')
  process.exitCode = 1
}

function print(line: string): void {
  process.stdout.write(`${line}\n`)
}

function indented(text: string): string {
  return text.trimEnd().replaceAll(/^/gm, '  ')
}
