const MICROSECONDS = 1000

/** Measures how busy the process keeps its processors. */
export interface ProcessCpu {
  /** Share of one core, all threads together, since the last call; above 1 where several are kept busy. */
  read(): number
}

/**
 * Measures by what the operating system has accounted to the process. One core is what an event loop can keep busy, so
 * that is what it is compared with, or a part of one where a container is allowed less.
 *
 * @param now milliseconds of a clock that only goes forward
 * @param core share of a core that the process may use, above 0 and at most 1
 */
export function createProcessCpu(now: () => number, core: number): ProcessCpu {
  let before = process.cpuUsage()
  let since = now()
  return {
    read() {
      const { user, system } = process.cpuUsage(before)
      const elapsed = now() - since
      before = process.cpuUsage()
      since += elapsed
      return elapsed > 0 ? (user + system) / MICROSECONDS / elapsed / core : 0
    },
  }
}
