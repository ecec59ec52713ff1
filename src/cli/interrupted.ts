import { once } from 'node:events'

/**
 * Settles when the user, or whoever ends the session, wants the command to end. A promise alone does not keep a process
 * alive: something else has to. The listeners are never taken off again, as the process ends right after.
 */
export async function interrupted(): Promise<void> {
  await Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM'), once(process, 'SIGHUP')])
}
