import { availableParallelism, cpus, loadavg, release, totalmem } from 'node:os'

const GIB = 2 ** 30

/** The machine in one line, with its load, since other work shows in the numbers. */
export function machineOf(): string {
  const model = cpus()[0]?.model.trim() ?? 'unknown processor'
  const memory = `${Math.round(totalmem() / GIB)} GiB`
  const load = loadavg()[0]?.toFixed(2) ?? '?'
  return `${model}, ${availableParallelism()} cores, ${memory}, ${process.platform} ${release()} ${process.arch}, load ${load} before the run`
}
