/** The message of anything that was thrown, for a log line. Throws nothing, whatever it is given. */
export function messageOf(thrown: unknown): string {
  try {
    return thrown instanceof Error ? thrown.message : String(thrown)
  } catch {
    return 'an error that cannot be read'
  }
}
