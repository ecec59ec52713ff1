/**
 * Runs something while one known process warning is held back; any other passes.
 *
 * @param code of the warning, the third argument of `process.emitWarning`
 * @param run must be synchronous
 */
export function withoutWarning<T>(code: string, run: () => T): T {
  const original: typeof process.emitWarning = Reflect.get(process, 'emitWarning')
  const selective = (...args: unknown[]): void => {
    if (!args.includes(code)) Reflect.apply(original, process, args)
  }
  process.emitWarning = selective
  try {
    return run()
  } finally {
    process.emitWarning = original
  }
}
