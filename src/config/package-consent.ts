import { readFileSync, realpathSync } from 'node:fs'
import { dirname, resolve, sep } from 'node:path'

/**
 * Looks for `"zen": { "telemetry": false }` in the package.json of the application: the one beside the program that was
 * started, or any above it. Above, because the file of a worker thread or of a test runner lies in a package of its own
 * inside the application, and because a workspace may say it once for all its packages.
 *
 * @param script the program as it was named, `process.argv[1]`; undefined for `node -e` and the REPL
 * @param cwd looked at instead where there is no program
 * @returns the file that says so, if any; throws nothing
 */
export function packageThatRefuses(script: string | undefined, cwd: string): string | undefined {
  for (let folder = folderOf(script, cwd); ; folder = dirname(folder)) {
    const file = `${folder}${folder.endsWith(sep) ? '' : sep}package.json`
    if (refuses(file)) return file
    if (dirname(folder) === folder) return undefined
  }
}

/** A program in `node_modules/.bin` is a link to the file that is really run. */
function folderOf(script: string | undefined, cwd: string): string {
  if (script === undefined) return cwd
  const path = resolve(cwd, script)
  try {
    return dirname(realpathSync(path))
  } catch {
    return dirname(path)
  }
}

function refuses(file: string): boolean {
  try {
    const content = JSON.parse(readFileSync(file, 'utf8')) as { zen?: { telemetry?: unknown } } | null
    return content?.zen?.telemetry === false
  } catch {
    // Most folders have none. One that is not JSON says nothing, and Node itself complains about it.
    return false
  }
}
