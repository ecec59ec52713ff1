import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'

/** The lines of all files of the journal below a state folder. */
export function journalLines(stateFolder: string): string[] {
  const folder = join(stateFolder, 'journal')
  if (!existsSync(folder)) return []
  return readdirSync(folder).flatMap((file) => {
    try {
      return readFileSync(join(folder, file), 'utf8').split('\n').filter(Boolean)
    } catch {
      // Taken or removed by a process since it was listed.
      return []
    }
  })
}

/** The ids of the spans that are on disk, settled or not. */
export function journaledSpanIds(stateFolder: string): string[] {
  return journalLines(stateFolder).flatMap((line) => /"spanId":"([0-9a-f]{16})"/.exec(line)?.[1] ?? [])
}

/** Waits until so many spans are on disk. */
export async function waitForJournal(stateFolder: string, enough: number): Promise<string[]> {
  for (;;) {
    const ids = journaledSpanIds(stateFolder)
    if (ids.length >= enough) return ids
    await pause(20)
  }
}
