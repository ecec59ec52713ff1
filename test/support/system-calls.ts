import { mkdtempSync, readdirSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Ended, type RunOptions, runProgram } from './run-program.ts'

/** What a program and its threads asked of the kernel, seen from outside. */
export interface ObservedProgram extends Ended {
  /** Calls that make a socket, or send something through one. */
  readonly sockets: readonly string[]
  /** Calls that create, change, rename or remove something in the file system; devices such as `/dev/null` left out. */
  readonly writes: readonly string[]
}

const SOCKET_CALLS = ['socket', 'connect', 'bind', 'sendto', 'sendmsg', 'sendmmsg']
const OPEN_CALLS = ['open', 'openat', 'openat2']
const CHANGE_CALLS = [
  'creat,mkdir,mkdirat,mknod,mknodat,rename,renameat,renameat2,unlink,unlinkat,rmdir',
  'link,linkat,symlink,symlinkat,truncate,ftruncate,chmod,fchmod,fchmodat,utimensat',
].flatMap((names) => names.split(','))
const FOR_WRITING = /O_WRONLY|O_RDWR|O_CREAT|O_TRUNC/
const DEVICE = /"\/dev\/(?:null|tty|pts\/\d+)"/

/** Runs a program under `strace`, all its threads and children included. */
export async function observeProgram(
  command: string,
  args: readonly string[],
  options: RunOptions,
): Promise<ObservedProgram> {
  const folder = mkdtempSync(join(tmpdir(), 'strace-'))
  const names = [...SOCKET_CALLS, ...OPEN_CALLS, ...CHANGE_CALLS]
  const ended = await runProgram(
    'strace',
    [
      '-ff',
      '-qq',
      '-e',
      `trace=${names.join(',')}`,
      '-e',
      'signal=none',
      '-o',
      join(folder, 'of'),
      command,
      ...args,
    ],
    options,
  )
  const calls = readdirSync(folder).flatMap((file) => readFileSync(join(folder, file), 'utf8').split('\n'))
  const callsOf = (wanted: readonly string[]): string[] =>
    calls.filter((call) => wanted.includes(call.slice(0, call.indexOf('('))))
  const opened = callsOf(OPEN_CALLS)
  // Every program opens files: without one, nothing was observed.
  if (opened.length === 0) throw new Error(`strace saw nothing: ${ended.stderr}`)
  const writes = opened.filter((call) => FOR_WRITING.test(call) && !DEVICE.test(call))
  return { ...ended, sockets: callsOf(SOCKET_CALLS), writes: [...writes, ...callsOf(CHANGE_CALLS)] }
}
