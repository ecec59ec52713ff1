import { lstatSync, readdirSync } from 'node:fs'
import { join } from 'node:path'

/** How much lies in a folder, its folders included. */
export interface FolderSize {
  readonly files: number
  readonly bytes: number
}

/** Counts the files of a folder; one that does not exist is empty. */
export function folderSize(folder: string): FolderSize {
  let files = 0
  let bytes = 0
  for (const name of namesIn(folder)) {
    try {
      const stat = lstatSync(join(folder, name))
      if (!stat.isFile()) continue
      files += 1
      bytes += stat.size
    } catch {
      // A running process has removed it meanwhile.
    }
  }
  return { files, bytes }
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder, { recursive: true, encoding: 'utf8' })
  } catch {
    return []
  }
}
