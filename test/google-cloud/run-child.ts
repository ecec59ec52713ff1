import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'

export interface ChildResult {
  code: number | null
  signal: NodeJS.Signals | null
  stdout: string
  stderr: string
  milliseconds: number
}

/** Runs one of the scripts in `children` with exactly this environment and waits for its end. */
export async function runChild(
  script: string,
  env: Record<string, string>,
  args: string[] = [],
  timeoutMs = 15_000,
): Promise<ChildResult> {
  const file = fileURLToPath(new URL(`children/${script}`, import.meta.url))
  const start = Date.now()
  const child = spawn(process.execPath, [file, ...args], { env, timeout: timeoutMs })
  let stdout = ''
  let stderr = ''
  child.stdout.on('data', (chunk) => (stdout += String(chunk)))
  child.stderr.on('data', (chunk) => (stderr += String(chunk)))
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code, signal) =>
      resolve({ code, signal, stdout, stderr, milliseconds: Date.now() - start }),
    )
  })
}
