import { resolve } from 'node:path'

/** The folder of the project. */
export const repository: string = resolve(import.meta.dirname, '..', '..')
