import {
  closeSync,
  constants,
  fstatSync,
  ftruncateSync,
  openSync,
  readSync,
  type Stats,
  writeSync,
} from 'node:fs'

const { O_APPEND, O_CREAT, O_EXCL, O_NOFOLLOW, O_NONBLOCK, O_RDONLY, O_WRONLY } = constants
const OWNER_ONLY = 0o600
/** More than any segment holds: whatever is larger is none. */
const LARGEST_FILE = 16 * 1024 * 1024

/**
 * Creates a file that nobody else can read and that was not there before.
 *
 * @returns its descriptor, for appending
 * @throws the error of the file system
 */
export function createPrivateFile(path: string): number {
  return openSync(path, O_WRONLY | O_APPEND | O_CREAT | O_EXCL | O_NOFOLLOW, OWNER_ONLY)
}

/**
 * Appends all of a text, or nothing: half a line would spoil the next one.
 *
 * @param descriptor opened for appending
 * @throws the error of the file system, such as that of a full disk
 */
export function appendWhole(descriptor: number, text: string): void {
  const bytes = Buffer.from(text)
  let written = 0
  try {
    while (written < bytes.length) written += writeSync(descriptor, bytes, written)
  } catch (thrown) {
    if (written > 0) ftruncateSync(descriptor, fstatSync(descriptor).size - written)
    throw thrown
  }
}

/**
 * Appends to a file of this user.
 *
 * @throws the error of the file system
 */
export function appendToPrivateFile(path: string, text: string): void {
  const descriptor = openSync(path, O_WRONLY | O_APPEND | O_NOFOLLOW)
  try {
    appendWhole(descriptor, text)
  } finally {
    closeSync(descriptor)
  }
}

/**
 * Reads a file of this user; a symbolic link is not followed, and nothing but a plain file is waited for.
 *
 * @returns undefined if it is no file that this user has written
 * @throws the error of the file system
 */
export function readPrivateFile(path: string): string | undefined {
  const descriptor = openSync(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK)
  try {
    const stats = fstatSync(descriptor)
    if (!isOwnFile(stats) || stats.size > LARGEST_FILE) return undefined
    const bytes = Buffer.alloc(stats.size)
    let read = 0
    for (let more = -1; more !== 0 && read < bytes.length; read += more) {
      more = readSync(descriptor, bytes, read, bytes.length - read, read)
    }
    return bytes.toString('utf8', 0, read)
  } finally {
    closeSync(descriptor)
  }
}

/** Whether a file is a plain one, not a link or a device, of the user of this process. */
export function isOwnFile(stats: Stats): boolean {
  const user = process.getuid?.()
  return stats.isFile() && (user === undefined || stats.uid === user)
}
