import { lstatSync, mkdirSync } from 'node:fs'
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
    mkdirSync(path, { recursive: true, mode: OWNER_ONLY })
    const found = lstatSync(path)
    if (found.isSymbolicLink()) return `"${path}" is a symbolic link`
    return found.isDirectory() ? undefined : `"${path}" is not a folder`
  } catch (thrown) {
    return messageOf(thrown)
  }
}
