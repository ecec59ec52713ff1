import { join } from 'node:path'
import type { Contender } from '../contender.ts'
import type { Finding } from '../finding.ts'
import { MITATA } from '../mitata.ts'
import type { Laboratory } from '../laboratory.ts'
import { extensionOf, type ModuleKind, titleOf } from '../module-kind.ts'
import { agentFlags, EVERY_CALL } from '../this-agent.ts'
import type { ProfileKind } from './take-profile.ts'

/** A program that shows where the time, or the memory, of some findings goes. */
export interface ProfiledProgram {
  readonly title: string
  readonly kind: ProfileKind
  /** Short programs are run several times. */
  readonly runs: number
  readonly contender: Contender
  /** Whether it explains a finding of this agent. */
  explains(finding: Finding): boolean
}

const SHORT_RUNS = 5

/** Every expectation has a program here; those that are met are not profiled. */
export function profiledPrograms(laboratory: Laboratory): readonly ProfiledProgram[] {
  const { plain, delivering } = laboratory
  const everyCall = { ...delivering, ...EVERY_CALL }
  const unsampled = { ...plain, ZEN_TELEMETRY_SAMPLE_RATE: '0', GOOGLE_CLOUD_PROJECT: 'bench-project' }
  const kinds = (['cjs', 'esm'] as const).flatMap((kind) => programsOf(laboratory, kind))
  const rest = { flags: agentFlags(laboratory, 'cjs'), id: 'profiled' }
  const tiny = (name: string): string => laboratory.program(name, 'tiny')
  return [
    ...kinds,
    program('an unsampled call', 'cpu', 1, 'Unsampled call', {
      ...rest,
      program: tiny('calls.mjs'),
      args: ['traced'],
      env: { ...unsampled, BENCH_MITATA: MITATA, ZEN_TELEMETRY_KEEP_ERRORS: 'false' },
    }),
    program('a sampled call (50 bursts of 250)', 'cpu', 1, 'Sampled call', {
      ...rest,
      program: tiny('bursts.cjs'),
      args: ['50'],
      env: { ...plain, ...EVERY_CALL, ZEN_TELEMETRY_EXPORTER: 'none' },
    }),
    program('calls of one millisecond, every one sampled, 3 s', 'cpu', 1, 'p99 of an asynchronous call', {
      ...rest,
      program: tiny('one-millisecond.cjs'),
      args: ['3'],
      env: everyCall,
    }),
    program(
      '512 exported spans a second, 3 s',
      'cpu',
      1,
      /^(Event-loop delay|Work of the application thread)/,
      {
        ...rest,
        program: tiny('exporting.cjs'),
        args: ['3'],
        env: everyCall,
      },
    ),
    program('memory while 512 spans a second are exported', 'heap', 1, 'Memory while', {
      ...rest,
      program: tiny('exporting.cjs'),
      args: ['3'],
      env: everyCall,
    }),
    program('200 calls a second at the default rate, 20 s', 'cpu', 1, '200 calls a second', {
      ...rest,
      program: tiny('steady.cjs'),
      args: ['2', '10'],
      env: delivering,
    }),
  ]
}

/** Whole processes, of one kind of modules. */
function programsOf(laboratory: Laboratory, kind: ModuleKind): readonly ProfiledProgram[] {
  const { plain, delivering } = laboratory
  const title = titleOf(kind)
  const extension = extensionOf(kind)
  const rest = { flags: agentFlags(laboratory, kind), id: 'profiled' }
  const idle = laboratory.program(`nothing.${extension}`, kind === 'cjs' ? 'plain' : 'zen-esm')
  return [
    program(
      `start-up, no target loaded, ${title}`,
      'cpu',
      SHORT_RUNS,
      new RegExp(`^Start-up, no target loaded, ${title}|^Start-up on Node 20.*${title}`),
      { ...rest, program: idle, env: plain },
    ),
    program(
      `one traced call and the exit, ${title}`,
      'cpu',
      SHORT_RUNS,
      new RegExp(`^(Start-up with one traced call|Delay of the exit with a span to send), ${title}`),
      {
        ...rest,
        program: laboratory.program(`one-call.${extension}`, `zen-${kind}`),
        env: { ...delivering, ...EVERY_CALL },
      },
    ),
    program(`3,000 modules, ${title}`, 'cpu', 1, `Application of 3,000 modules, ${title}`, {
      ...rest,
      program: join(laboratory.folder, 'many', kind, `main.${extension}`),
      env: plain,
    }),
    program(
      `memory before the first sampled span, ${title}`,
      'heap',
      1,
      new RegExp(`^Memory before the first sampled span.*${title}`),
      {
        ...rest,
        program: laboratory.program(`memory.${extension}`, 'tiny'),
        flags: ['--expose-gc', ...rest.flags],
        env: { ...plain, ZEN_TELEMETRY_SAMPLE_RATE: '0' },
      },
    ),
  ]
}

function program(
  title: string,
  kind: ProfileKind,
  runs: number,
  findings: string | RegExp,
  contender: Omit<Contender, 'title'>,
): ProfiledProgram {
  const explains = ({ table, subject }: Finding): boolean => {
    const name = `${table}: ${subject}`
    return typeof findings === 'string' ? name.startsWith(findings) : findings.test(name)
  }
  return { title, kind, runs, contender: { ...contender, title: `profile of ${title}` }, explains }
}
