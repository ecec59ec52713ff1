import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { beforeAll, expect, it } from 'vitest'
import { bundle } from '../../support/bundle.ts'
import { tempFolder } from '../../support/temp-folder.ts'

let program: string
beforeAll(async () => {
  program = await bundle(new URL('journal-process.ts', import.meta.url))
})

function start(job: 'record' | 'adopt', folder: string): ChildProcess {
  return spawn(process.execPath, [program, job, folder], { stdio: ['pipe', 'pipe', 'inherit'] })
}

it('gives every span of processes that were killed to exactly one of those that adopt at the same time', async () => {
  const folder = tempFolder()
  const recorders = [start('record', folder), start('record', folder)]
  for (const recorder of recorders) {
    await once(recorder.stdout!, 'data')
    recorder.kill('SIGKILL')
    await once(recorder, 'exit')
  }
  const adopters = Array.from({ length: 4 }, () => start('adopt', folder))
  for (const { stdout } of adopters) await once(stdout!, 'data')
  const outputs = adopters.map(({ stdout }) => text(stdout!))
  for (const { stdin } of adopters) stdin!.end('go\n')
  const taken = (await Promise.all(outputs)).flatMap((output) => output.split('\n').filter(Boolean))
  const recorded = recorders.flatMap(({ pid }) =>
    Array.from({ length: 100 }, (_, number) => `${pid}-${number}`),
  )
  expect(taken.toSorted()).toEqual(recorded.toSorted())
  expect(readdirSync(join(folder, 'journal'))).toEqual([])
})
