import { cpSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { type GoogleCloud, startGoogleCloud } from '../../fixtures/google-cloud/google-cloud.ts'
import type { RecordedSpan } from '../../fixtures/google-cloud/recorded-span.ts'
import { installShape } from '../shapes/run-shape.ts'
import { shapesOf } from '../shapes/shape.ts'
import { installApplication } from '../support/application.ts'
import { nodeLines } from '../support/node-lines.ts'
import { installedAgent, registerFiles } from '../support/packed-agent.ts'
import { type Ended, runProgram } from '../support/run-program.ts'
import { expectTrees } from '../support/trace-tree.ts'

let cloud: GoogleCloud
beforeAll(async () => {
  cloud = await startGoogleCloud()
})
afterAll(() => cloud.close())
afterEach(() => cloud.reset())

/** Runs a program with and without the agent in `NODE_OPTIONS`, as its children inherit it. */
async function expectSame(node: string, folder: string, program: string): Promise<Ended> {
  const env = { ...cloud.env({ credentials: 'metadata' }), ZEN_TELEMETRY_SAMPLE_RATE: '1' }
  const patient = { ...env, ZEN_TELEMETRY_EXIT_TIMEOUT: '20' }
  const plain = await runProgram(node, [program], { cwd: folder, env: patient })
  const traced = await runProgram(node, [program], {
    cwd: folder,
    env: { ...patient, NODE_OPTIONS: `--require=${registerFiles.cjs}` },
  })
  expect(traced).toEqual(plain)
  expect(traced).toMatchObject({ code: 0, signal: null, stderr: '' })
  return traced
}

function shapeFolder(wanted: string): string {
  const shape = shapesOf('starts').find(({ name }) => name === wanted)
  if (!shape) throw new Error(`there is no shape ${wanted}`)
  return installShape(shape).folder
}

const lines = nodeLines()
describe.each([lines[0]!, lines.at(-1)!])('on Node $major, what is delivered', ({ binary }) => {
  it('is the spans of each member of a cluster, also of one that is killed', async () => {
    const { stdout } = await expectSame(binary, shapeFolder('cluster'), 'main.cjs')
    expect(stdout).toContain("'SIGTERM'")
    expectTrees(
      cloud.spans(),
      Array.from({ length: 4 }, () => 'run > process_command'),
    )
  })

  it('is what contexts of node:vm do with a class from outside', async () => {
    await expectSame(binary, shapeFolder('vm-contexts'), 'main.cjs')
    const well = 'run > process_command'
    expectTrees(cloud.spans(), [well, well, 'run ✗ > process_command ✗'])
  })

  it('is one trace with a child process that was handed the context, and another with one that was not', async () => {
    const application = installApplication('pipeline', 'zen-cjs')
    const interfaceFolder = join(application.folder, 'node_modules', '@zen', 'telemetry')
    cpSync(installedAgent, interfaceFolder, { recursive: true })
    const { stdout } = await expectSame(binary, application.folder, 'pipeline.cjs')
    application.remove()
    expect(stdout).toBe('JOINED,APART\n')

    const commands = cloud.spans().filter(({ name }) => name === 'zen.orchestrator.process_command')
    const paths = commands.map((command) => pathTo(command, cloud.spans()))
    expect(paths.toSorted()).toEqual([
      'run > process_command',
      'run > process_command',
      'run > process_command',
      'run > process_command > run > process_command',
    ])
    expect(new Set(cloud.spans().map(({ traceId }) => traceId)).size).toBe(2)
  })
})

/** The names from the root to a span, all of one trace. */
function pathTo(span: RecordedSpan, spans: readonly RecordedSpan[]): string {
  const name = span.name.replace('zen.orchestrator.', '')
  if (span.parentSpanId === undefined) return name
  const parent = spans.find(({ traceId, spanId }) => traceId === span.traceId && spanId === span.parentSpanId)
  return `${parent ? pathTo(parent, spans) : 'missing'} > ${name}`
}
