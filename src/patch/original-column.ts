/** Where text was put into the sources of modules, by path: `line:column:length`, in order, separated by commas. */
const SHIFTS = new Map<string, string>()

/**
 * Remembers where text was put into the source of a module.
 *
 * @param path of the file
 * @param shifts `line:column:length` for each place, in order, separated by commas; lines count from 1, columns from 0
 */
export function rememberShifts(path: string, shifts: string): void {
  SHIFTS.set(path, shifts)
}

/** Whether text was put into a line, which counts from 1. */
export function isShifted(path: string, line: number): boolean {
  return (
    SHIFTS.get(path)
      ?.split(',')
      .some((shift) => Number.parseInt(shift, 10) === line) === true
  )
}

/**
 * The column in the file, of one in the source that runs.
 *
 * @param path of the file
 * @param line from 1
 * @param column from 0
 */
export function originalColumn(path: string, line: number, column: number): number {
  let before = 0
  for (const shift of SHIFTS.get(path)?.split(',') ?? []) {
    const [at, from = 0, length = 0] = shift.split(':').map(Number)
    if (at !== line || column < from + before) continue
    if (column < from + before + length) return from
    before += length
  }
  return column - before
}
