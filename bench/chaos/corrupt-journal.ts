import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** Adds what a crash, a full disk or somebody else may have left in the folder. */
export function corruptJournal(stateFolder: string): void {
  const journal = join(stateFolder, 'journal')
  mkdirSync(journal, { recursive: true })
  const files = readdirSync(journal).filter((name) => existsSync(join(journal, name)))
  for (const [index, name] of files.entries()) {
    const content = readFileSync(join(journal, name))
    const copy = join(journal, `1${index}-${name}`)
    writeFileSync(copy, content.subarray(0, Math.floor(content.length * 0.7)))
    const overwritten = Buffer.from(content)
    overwritten.fill(0xff, Math.floor(content.length / 3), Math.floor(content.length / 2))
    writeFileSync(join(journal, `2${index}-${name}`), overwritten)
  }
  writeFileSync(
    join(journal, 'garbage'),
    Buffer.from(Array.from({ length: 5000 }, (_, byte) => (byte * 31) % 256)),
  )
  writeFileSync(join(journal, 'empty'), '')
  cpSync(join(journal, 'garbage'), join(journal, 'garbage.jsonl'))
}
