/** How one kind of value is read from the environment: the text, or undefined when it cannot be read. */
export interface EnvValue<T> {
  /** What is accepted, for the warning: "a number from 0 to 1". */
  readonly expected: string
  read(raw: string): T | undefined
}

const YES = new Set(['true', '1', 'yes'])
const NO = new Set(['false', '0', 'no'])

/** A switch that counts as on for `true`, `1`, `yes` in any case, and as off for everything else. */
export const flag: EnvValue<boolean> = {
  expected: 'true, 1 or yes',
  read: (raw) => YES.has(raw.toLowerCase()),
}

/** A setting with two sides: `on`, `true`, `1`, `yes` or `off`, `false`, `0`, `no`. */
export const toggle: EnvValue<boolean> = {
  expected: 'on or off',
  read: (raw) => {
    const value = raw.toLowerCase()
    if (value === 'on' || YES.has(value)) return true
    return value === 'off' || NO.has(value) ? false : undefined
  },
}

/** Any text that is not empty. */
export const text: EnvValue<string> = { expected: 'text', read: (raw) => raw }

/** Texts separated by commas; blanks around them do not count. */
export const list: EnvValue<readonly string[]> = {
  expected: 'a list separated by commas',
  read: (raw) =>
    raw
      .split(',')
      .map((item) => item.trim())
      .filter(Boolean),
}

/**
 * A decimal number within bounds.
 *
 * @param least the smallest value accepted
 * @param most the largest value accepted
 */
export function number(least: number, most: number): EnvValue<number> {
  return { expected: `a number from ${least} to ${most}`, read: (raw) => readNumber(raw, least, most) }
}

/**
 * A whole number within bounds.
 *
 * @param least the smallest value accepted
 * @param most the largest value accepted
 */
export function wholeNumber(least: number, most: number): EnvValue<number> {
  return {
    expected: `a whole number from ${least} to ${most}`,
    read: (raw) => {
      const value = readNumber(raw, least, most)
      return Number.isInteger(value) ? value : undefined
    },
  }
}

/**
 * One of a few words, in any case.
 *
 * @param words the words, in lower case
 */
export function oneOf<const T extends string>(words: readonly T[]): EnvValue<T> {
  return {
    expected: `one of ${words.join(', ')}`,
    read: (raw) => words.find((word) => word === raw.toLowerCase()),
  }
}

function readNumber(raw: string, least: number, most: number): number | undefined {
  // Number('') is 0 and Number('0x10') is 16: neither is what somebody meant to write here.
  if (!/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(raw)) return undefined
  const value = Number(raw)
  return value >= least && value <= most ? value : undefined
}
