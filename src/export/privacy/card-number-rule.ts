import type { PiiRule } from './pii-rule.ts'

/** First digits of the card networks; times in milliseconds or nanoseconds begin with 1 or 2 and never match. */
const ISSUERS = /^(?:4|5[0-8]|6|2(?:2[2-9]|[3-6]|7[01]|720)|3[0-9])/
const FEWEST_DIGITS = 13
const MOST_DIGITS = 19

/**
 * Card numbers: 13 to 19 digits in one piece, or grouped as they are printed (4-4-4-4, 4-6-5, 4-6-4), with the right check
 * digit. Not inside a word, as in hexadecimal ids, nor behind a decimal point.
 */
export const CARD_NUMBER_RULE: PiiRule = {
  hints: [],
  pattern:
    /(?<![A-Za-z0-9](?<!%[0-9A-Fa-f]{2}|\\[bfnrt]))(?<!\d\.)(?:\d{13,19}|(\d{4}([ \u00a0.+-])\d{4}\2\d{4}\2\d{1,4})(\2\d{3})?|(\d{4}([ \u00a0.+-])\d{6}\5\d{4,5}))(?![A-Za-z0-9])/g,
  replace: ([text, grouped, , rest = '']) => {
    if (isCardNumber(text)) return '[card]'
    // Three more digits behind a card number may be its security code, or the last group of a longer number.
    return grouped !== undefined && rest !== '' && isCardNumber(grouped) ? `[card]${rest}` : text
  },
}

/** Whether a number of a text, or a number itself, is that of a card. */
export function isCardNumber(text: string): boolean {
  const digits = text.replaceAll(/\D/g, '')
  if (digits.length < FEWEST_DIGITS || digits.length > MOST_DIGITS || !ISSUERS.test(digits)) return false
  let sum = 0
  for (let index = 0; index < digits.length; index++) {
    const digit = Number(digits[digits.length - 1 - index])
    const doubled = digit * 2
    if (index % 2 === 0) sum += digit
    else sum += doubled > 9 ? doubled - 9 : doubled
  }
  return sum % 10 === 0
}
