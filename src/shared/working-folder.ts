/** The folder this process runs in; it may have been removed meanwhile. */
export function workingFolder(): string {
  try {
    return process.cwd()
  } catch {
    return '/'
  }
}
