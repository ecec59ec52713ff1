import { closeSync, constants, fstatSync, openSync, readFileSync } from 'node:fs'

/**
 * Reads a file that a variable names. A pipe, such as a shell's `<(command)`, or a device may never give anything: a
 * thread that waits for it cannot be ended, and would keep the process from ending.
 *
 * @throws the error of the file system; one without a code if it is no plain file
 */
export function readPlainFile(path: string): Buffer {
  const descriptor = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK)
  try {
    const stats = fstatSync(descriptor)
    // Whoever reads a folder is told so by the system.
    if (!stats.isFile() && !stats.isDirectory()) throw new Error('it is a pipe or a device, not a file')
    return readFileSync(descriptor)
  } finally {
    closeSync(descriptor)
  }
}
