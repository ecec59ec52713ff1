/** `npm run bench`: this agent and its peers side by side, in one run. */
import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { installNodeLines, nodeLines } from '../test/support/node-lines.ts'
import { type BenchOptions, readBenchOptions, USAGE } from './bench-options.ts'
import type { Curve, Finding } from './finding.ts'
import { openLaboratory } from './laboratory.ts'
import { machineOf } from './machine.ts'
import { printable } from './report/print-tables.ts'
import { writeReport } from './report/write-report.ts'
import type { Line, Section } from './section.ts'
import { SECTIONS } from './sections.ts'

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
  const curves: Curve[] = []
  const failures: string[] = []
  const laboratory = await openLaboratory(options.effort)
  try {
    print(machine)
    for (const line of lines) {
      for (const section of sections) {
        const sectionStarted = Date.now()
        try {
          const found = await section.measure(laboratory, line)
          findings.push(...found.findings)
          curves.push(...(found.curves ?? []))
          print(`\nNode ${line.version}, ${section.name} (${seconds(sectionStarted)} s)`)
          print(printable(found.findings))
        } catch (error) {
          // The other parts of a run of half an hour are worth having; the report names this one.
          failures.push(`Node ${line.version}, ${section.name}: ${String(error)}`)
          print(`\nFAILED: ${failures.at(-1)}`)
        }
        await laboratory.cloud.delivered()
      }
    }
  } finally {
    laboratory.close()
  }
  const results = {
    machine,
    subject: subjectOf(),
    lines,
    findings,
    curves,
    failures,
    minutes: (Date.now() - started) / 60_000,
  }
  if (options.json !== undefined) writeFileSync(options.json, `${JSON.stringify(results, undefined, 1)}\n`)
  if (options.write) print(`\nwritten: ${writeReport(results).join(', ')}`)
  print(`\n${seconds(started)} s`)
  if (failures.length > 0) process.exitCode = 1
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
