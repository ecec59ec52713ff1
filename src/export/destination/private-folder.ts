import { existsSync, lstatSync, mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { messageOf } from '../../shared/errors.ts'

const OWNER_ONLY = 0o700

/**
 * Makes sure a folder exists that only its owner can enter. A symbolic link in its place is refused: somebody else may
 * have put it there to have files written elsewhere.
 *
 * @param path absolute; missing parents are created too
 * @returns undefined when the folder is there, else what is wrong; throws nothing
 */
export function makePrivateFolder(path: string): string | undefined {
  try {
    makeFolder(path)
    const found = lstatSync(path)
    if (found.isSymbolicLink()) return `"${path}" is a symbolic link`
    return found.isDirectory() ? undefined : `"${path}" is not a folder`
  } catch (thrown) {
    return messageOf(thrown)
  }
}

/**
 * One folder after the other: Node's own `recursive` never returns where the file system answers ENOENT although the
 * parent exists, as /proc does, and the process could not end.
 */
function makeFolder(path: string): void {
  if (existsSync(path)) return
  makeParent(path)
  try {
    mkdirSync(path, { mode: OWNER_ONLY })
  } catch (thrown) {
    // Another process of the same user was faster.
    if ((thrown as NodeJS.ErrnoException).code !== 'EEXIST') throw thrown
  }
}

function makeParent(path: string): void {
  const parent = dirname(path)
  if (parent !== path) makeFolder(parent)
}
