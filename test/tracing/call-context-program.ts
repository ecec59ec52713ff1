/** A process that says what is active where, in a context of calls. */
import { AsyncLocalStorage } from 'node:async_hooks'
import { setTimeout as pause } from 'node:timers/promises'
import { createCallContext } from '../../src/tracing/call-context.ts'

const context = createCallContext<string>(false)
const own = new AsyncLocalStorage<string>()
const seen: Record<string, unknown> = {}
const active = (): string => context.activeIn(context.here()) ?? 'nothing'
const call = <T>(name: string, work: () => T): T =>
  context.apply(context.here(), name, work, undefined, []) as T

async function main(): Promise<void> {
  const later: Promise<void>[] = []
  const note = (name: string): void => {
    seen[name] = `${active()}, ${own.getStore()}`
  }
  note('before')
  own.run('own', () => {
    call('outer', () => {
      note('call')
      call('inner', () => note('call in a call'))
      note('after a call in a call')
      try {
        call('failing', () => {
          throw new Error('refused')
        })
      } catch {
        note('after a call that failed')
      }
      context.run('function', () => note('function'))
      own.exit(() => note('without the own one'))
      later.push(
        (async () => {
          await Promise.resolve()
          note('promise')
          await pause(1)
          note('timer')
          call('late', () => note('call in a timer'))
          note('after a call in a timer')
        })(),
      )
    })
    note('after the call')
  })
  seen['this'] = context.apply(
    context.here(),
    'x',
    function (this: unknown, ...args) {
      return [this, ...args, active()]
    },
    'self',
    [1, 2],
  )
  await Promise.all(later)
  note('after everything')
  const known = (new AsyncLocalStorage() as { readonly kResourceStore?: symbol }).kResourceStore
  process.stdout.write(JSON.stringify({ seen, short: known !== undefined && context.here() !== undefined }))
}

void main()
