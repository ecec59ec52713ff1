/** Where the programs find it: they run in folders from which no package of the project can be reached. */
export const MITATA: string = import.meta.resolve('mitata').replace(/main\.mjs$/, 'lib.mjs')
