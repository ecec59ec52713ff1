import {
  closeSync,
  constants,
  fstatSync,
  ftruncateSync,
  lstatSync,
  openSync,
  readdirSync,
  unlinkSync,
  writeSync,
} from 'node:fs'
import { join } from 'node:path'
import { makePrivateFolder } from '../destination/private-folder.ts'

/** How much the files of a folder may hold together. */
export interface TraceFilesLimits {
  readonly fileBytes: number
  /** Files of all processes together. */
  readonly totalBytes: number
  readonly files: number
}

/** Lines in files of this process's own, in a folder it shares with others. */
export interface TraceFiles {
  /**
   * Appends one line, all of it or nothing.
   *
   * @param line without a line break
   * @throws the error of the file system, or one that says what is wrong with the folder
   */
  append(line: Uint8Array): void
  close(): void
}

interface OpenFile {
  readonly descriptor: number
  size: number
}

const NAME = /^traces-\d{8}T\d{9}Z-\d+\.jsonl$/
const OWNER_ONLY = 0o600
const { O_APPEND, O_CREAT, O_EXCL, O_NOFOLLOW, O_WRONLY } = constants
const LINE_BREAK = Buffer.from('\n')

/**
 * Makes a writer of bounded files named `traces-<time>-<process>.jsonl`. The oldest files go when there are too many,
 * whichever process wrote them; nothing is created before the first line.
 *
 * @param folder absolute; created if need be
 * @param limits bounds of one file and of all
 */
export function createTraceFiles(folder: string, limits: TraceFilesLimits): TraceFiles {
  let current: OpenFile | undefined

  function close(): void {
    if (current) closeSync(current.descriptor)
    current = undefined
  }

  return {
    close,
    append(line) {
      const bytes = Buffer.concat([line, LINE_BREAK])
      // Another process may have removed this one's file to make room.
      if (
        current &&
        (current.size + bytes.length > limits.fileBytes || fstatSync(current.descriptor).nlink === 0)
      ) {
        close()
      }
      current ??= openNext(folder, limits, bytes.length)
      writeWhole(current, bytes)
    },
  }
}

function openNext(folder: string, limits: TraceFilesLimits, bytes: number): OpenFile {
  const problem = makePrivateFolder(folder)
  if (problem !== undefined) throw new Error(problem)
  makeRoom(folder, limits, bytes)
  const time = new Date().toISOString().replaceAll(/[-:.]/g, '')
  const path = join(folder, `traces-${time}-${process.pid}.jsonl`)
  const flags = O_WRONLY | O_APPEND | O_CREAT | O_NOFOLLOW
  try {
    return { descriptor: openSync(path, flags | O_EXCL, OWNER_ONLY), size: 0 }
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code !== 'EEXIST') throw thrown
  }
  // Two files within one millisecond are one file.
  const descriptor = openSync(path, flags, OWNER_ONLY)
  return { descriptor, size: fstatSync(descriptor).size }
}

function makeRoom(folder: string, limits: TraceFilesLimits, bytes: number): void {
  const files = readdirSync(folder)
    .filter((name) => NAME.test(name))
    .toSorted()
    .map((name) => ({ path: join(folder, name), bytes: sizeOf(join(folder, name)) }))
  let total = files.reduce((sum, file) => sum + file.bytes, 0)
  const room = limits.totalBytes - Math.max(limits.fileBytes, bytes)
  while (files.length > 0 && (total > room || files.length >= limits.files)) {
    const oldest = files.shift()!
    total -= oldest.bytes
    remove(oldest.path)
  }
}

function sizeOf(path: string): number {
  try {
    return lstatSync(path).size
  } catch {
    return 0
  }
}

function remove(path: string): void {
  try {
    unlinkSync(path)
  } catch {
    // Another process was faster, or may keep it: then the bound is passed by one file.
  }
}

function writeWhole(file: OpenFile, bytes: Buffer): void {
  let written = 0
  try {
    while (written < bytes.length) written += writeSync(file.descriptor, bytes, written)
    file.size += written
  } catch (thrown) {
    // Half a line would spoil the next one too.
    if (written > 0) ftruncateSync(file.descriptor, file.size)
    throw thrown
  }
}
