const HEX = 16
const DIGITS = 8

/**
 * A 32-bit word, signed or not, in hex digits.
 *
 * @returns 8 of them, lower case
 */
export function hexWord(word: number): string {
  return (word >>> 0).toString(HEX).padStart(DIGITS, '0')
}
