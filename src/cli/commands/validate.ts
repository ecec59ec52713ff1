import { Option } from 'commander'
import { checkProgram, registerFile } from '../checks/check-program.ts'
import { checkSetUp } from '../checks/check-set-up.ts'
import { runLocally } from '../checks/local-run.ts'
import { measureProgram, type ProgramCost } from '../checks/measure-program.ts'
import { observeCommand } from '../checks/observed-program.ts'
import { type Criterion, rollbackCriteria } from '../checks/rollback-criteria.ts'
import {
  type Check,
  checkOf,
  checkPropagation,
  checkSampling,
  preChecks,
  recommendations,
  rootsOf,
  showErrorRate,
} from '../checks/validation.ts'
import { type CliCommand, EXIT, type Invocation } from '../command.ts'
import { type Context, readContext } from '../context.ts'
import { type Finding } from '../findings/finding.ts'

const RUNS = 5
/** What the program itself takes: its end waits for delivery only where nothing else is measured. */
const WITHOUT_EXIT_WAIT = { ZEN_TELEMETRY_EXIT_TIMEOUT: '0' } as const

/** The checklist of a deployment as a report: JSON for machines, Markdown for people. */
export const validate: CliCommand = {
  name: 'validate',
  summary: 'the deployment checklist as a report: validate --phase post -- node app.js',
  define(command) {
    command
      .argument(
        '[command...]',
        'behind --: a program that ends by itself; with --phase post it is run several times',
      )
      .addOption(
        new Option('--phase <phase>', 'before a deployment, or after it')
          .choices(['pre', 'post'])
          .default('pre'),
      )
      .addHelpText(
        'after',
        `
Rollback criteria: more than 5 % errors, 1 % export failures, 50 ms latency or 100 MB memory. Latency is that of a root
call, from above: what a run takes longer with the agent, start-up included, spread over its root calls.`,
      )
  },
  async run(invocation) {
    const { args, options, environment, cwd, terminal, report, json } = invocation
    const progress = (what: string): void => {
      if (!json) terminal.note(`… ${what}`)
    }
    const untouched = { ...environment }
    const context = readContext(invocation)
    const setUp = await checkSetUp({
      context,
      environment,
      cwd,
      agentFolder: import.meta.dirname,
      progress,
    })
    const post = options['phase'] === 'post'
    const [name, ...rest] = args
    const program =
      post && name !== undefined && context.consent.on
        ? await examine([name, ...rest], { ...invocation, environment: untouched }, context, progress)
        : undefined
    const findings: readonly Finding[] = [...setUp.findings, ...(program?.findings ?? [])]
    const checks: readonly Check[] = [
      ...preChecks(setUp.findings, import.meta.dirname),
      ...(post
        ? [checkOf(findings, 'smoke test', ['write-failed', 'quota-exceeded'], ['write-accepted'])]
        : []),
      ...(program?.checks ?? []),
    ]
    const rollback = program?.rollback ?? []
    const failed =
      checks.some(({ status }) => status === 'failed') || rollback.some(({ passed }) => passed === false)
    const data = {
      overallStatus: failed ? 'failed' : 'passed',
      phase: post ? 'post' : 'pre',
      environment: environment['NODE_ENV'] ?? 'not set',
      checks,
      rollback,
      recommendations: recommendations(findings),
    }
    report(data, () => markdown(data))
    return failed ? EXIT.findings : EXIT.fine
  },
}

interface Examined {
  readonly findings: readonly Finding[]
  readonly checks: readonly Check[]
  readonly rollback: readonly Criterion[]
}

/** Runs the program without and with the agent, and with its spans in local files. */
async function examine(
  command: readonly [string, ...string[]],
  { environment, cwd, terminal }: Invocation,
  { config }: Context,
  progress: (what: string) => void,
): Promise<Examined> {
  const register = registerFile(import.meta.dirname)
  const withAgent = observeCommand(command, environment, cwd).preloaded
    ? environment
    : { ...environment, NODE_OPTIONS: `${environment['NODE_OPTIONS'] ?? ''} --require=${register}`.trim() }
  progress('running the program once, to see what the agent says')
  const onOutput = (text: string): void => terminal.note(text.trimEnd())
  const findings = await checkProgram({
    command,
    environment: withAgent,
    cwd,
    register,
    seconds: undefined,
    onOutput,
  })

  progress(`running it ${RUNS} times without the agent's work and ${RUNS} times with it`)
  const plain: ProgramCost[] = []
  const traced: ProgramCost[] = []
  for (let run = 0; run < RUNS; run += 1) {
    plain.push(await measureProgram(command, { ...withAgent, ZEN_TELEMETRY_DISABLED: 'true' }, cwd))
    traced.push(await measureProgram(command, { ...withAgent, ...WITHOUT_EXIT_WAIT }, cwd))
  }
  progress('running it twice more, with its spans in local files')
  const all = await runLocally(command, { ...withAgent, ZEN_TELEMETRY_SAMPLE_RATE: '1' }, cwd)
  const sampled = await runLocally(command, withAgent, cwd)
  const outcome = findings.find(({ code }) => code === 'spans-delivered' || code === 'spans-dropped')
  const { delivered, dropped } = outcome?.values ?? {}
  return {
    findings,
    checks: [
      checkOf(
        findings,
        'export',
        ['spans-dropped', 'agent-late', 'target-bundled', 'target-not-found', 'node-too-old'],
        ['spans-delivered'],
      ),
      showErrorRate(all),
      checkSampling(all, sampled, config),
      checkPropagation(all),
    ],
    rollback: rollbackCriteria({
      plain,
      traced,
      delivered: delivered === undefined ? undefined : Number(delivered),
      dropped: dropped === undefined ? undefined : Number(dropped),
      roots: rootsOf(all),
    }),
  }
}

function markdown(data: {
  readonly overallStatus: string
  readonly phase: string
  readonly environment: string
  readonly checks: readonly Check[]
  readonly rollback: readonly Criterion[]
  readonly recommendations: readonly string[]
}): string[] {
  const { overallStatus, phase, environment, checks, rollback } = data
  return [
    `# Deployment of @zen/telemetry: ${overallStatus}`,
    '',
    `Phase: ${phase}. Environment (NODE_ENV): ${environment}.`,
    '',
    '| check | result | |',
    '| --- | --- | --- |',
    ...checks.map(
      ({ name, status, detail }) => `| ${name} | ${status} | ${detail.replaceAll('|', String.raw`\|`)} |`,
    ),
    ...(rollback.length > 0
      ? [
          '',
          '## Roll back if a bound is passed',
          '',
          '| criterion | measured | bound | | how |',
          '| --- | --- | --- | --- | --- |',
          ...rollback.map(criterionRow),
        ]
      : []),
    ...(data.recommendations.length > 0
      ? ['', '## Recommendations', '', ...data.recommendations.map((line) => `- ${line}`)]
      : []),
  ]
}

function criterionRow({ name, measured, bound, unit, passed, how }: Criterion): string {
  const result = passed === undefined ? 'not measured' : passed ? 'passed' : 'failed'
  return `| ${name} | ${measured === undefined ? '-' : `${measured} ${unit}`} | ${bound} ${unit} | ${result} | ${how} |`
}
