/** `npm run bench`: this agent and its peers side by side, in one run. */
import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { installNodeLines, nodeLines } from '../test/support/node-lines.ts'
import { type BenchOptions, readBenchOptions, USAGE } from './bench-options.ts'
import type { Curve, Finding } from './finding.ts'
import { openLaboratory } from './laboratory.ts'
import { machineOf } from './machine.ts'
import { explainMissed } from './profile/explain-missed.ts'
import { printable } from './report/print-tables.ts'
import { writeReport } from './report/write-report.ts'
import type { Line, Section } from './section.ts'
import { SECTIONS } from './sections.ts'

/** What a full run may take. */
const MOST_MINUTES = 46
/** Below that, rounds are too few to say anything. */
const SLOWEST_PACE = 0.4

const options = readBenchOptions(process.argv.slice(2))
const names = SECTIONS.map(({ name }) => name).join(', ')
if (options.help) print(USAGE.replace('SECTIONS', names))
else await bench()

async function bench(): Promise<void> {
  const lines = chosenLines(options)
  const sections = chosenSections(options)
  const started = Date.now()
  const machine = machineOf()
  const findings: Finding[] = []
  const profiles: Finding[] = []
  const curves: Curve[] = []
  const failures: string[] = []
  const laboratory = await openLaboratory(options.effort)
  const subject = subjectOf()

  /** After each line, so that a run that is cut short leaves what it had. */
  function save(): void {
    const measured = lines.filter(({ major }) => findings.some(({ node }) => node === major))
    const minutes = (Date.now() - started) / 60_000
    const results = { machine, subject, lines: measured, findings, profiles, curves, failures, minutes }
    if (options.json !== undefined) writeFileSync(options.json, `${JSON.stringify(results, undefined, 1)}\n`)
    if (options.write) print(`\nwritten: ${writeReport(results).join(', ')}`)
  }

  async function attempt(line: Line, name: string, part: () => Promise<readonly Finding[]>): Promise<void> {
    const partStarted = Date.now()
    try {
      const found = await part()
      print(`\nNode ${line.version}, ${name} (${seconds(partStarted)} s)`)
      print(printable(found))
    } catch (error) {
      // The other parts of a run of half an hour are worth having; the report names this one.
      failures.push(`Node ${line.version}, ${name}: ${String(error)}`)
      print(`\nFAILED: ${failures.at(-1)}`)
    }
    await laboratory.cloud.delivered()
  }

  try {
    print(machine)
    for (const [index, line] of lines.entries()) {
      laboratory.setPace(paceFor(started, index, lines.length))
      for (const section of sections) {
        await attempt(line, section.name, async () => {
          const found = await section.measure(laboratory, line)
          findings.push(...found.findings)
          curves.push(...(found.curves ?? []))
          return found.findings
        })
      }
      await attempt(line, 'profiles of what is missed', async () => {
        const own = findings.filter(({ node }) => node === line.major)
        const found = explainMissed(laboratory, line, own)
        profiles.push(...found)
        return found
      })
      save()
    }
  } finally {
    laboratory.close()
  }
  print(`\n${seconds(started)} s`)
  if (failures.length > 0) process.exitCode = 1
}

/**
 * The share of the full effort with which the lines that are left end in time, judged by those that are done. The last one
 * has the slow curves as well.
 */
function paceFor(started: number, done: number, lines: number): number {
  if (done === 0) return 1
  const passed = (Date.now() - started) / 60_000
  const left = lines - done + 0.3
  const pace = (MOST_MINUTES - passed) / ((passed / done) * left)
  return Math.min(1, Math.max(SLOWEST_PACE, pace))
}

function chosenLines({ majors }: BenchOptions): readonly Line[] {
  installNodeLines()
  const lines = nodeLines().filter(({ major }) => majors?.includes(major) ?? true)
  if (lines.length === 0) throw new RangeError(`no Node of the lines ${majors?.join(', ')} is available`)
  return lines.map((line) => ({
    ...line,
    version: execFileSync(line.binary, ['-p', 'process.versions.node'], { encoding: 'utf8' }).trim(),
  }))
}

function chosenSections({ only }: BenchOptions): readonly Section[] {
  const unknown = only?.filter((name) => !SECTIONS.some((section) => section.name === name)) ?? []
  if (unknown.length > 0) throw new RangeError(`--only ${unknown.join(',')}: expected some of ${names}`)
  return SECTIONS.filter(({ name }) => only?.includes(name) ?? true)
}

/** What was measured, and when. */
function subjectOf(): string {
  const commit = execFileSync('git', ['rev-parse', '--short', 'HEAD'], {
    cwd: import.meta.dirname,
    encoding: 'utf8',
  })
  return `commit ${commit.trim()}, ${new Date().toISOString().slice(0, 10)}`
}

function seconds(since: number): number {
  return Math.round((Date.now() - since) / 1000)
}

function print(line: string): void {
  process.stdout.write(`${line}\n`)
}
