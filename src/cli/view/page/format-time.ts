const TIME = new Intl.DateTimeFormat(undefined, {
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  fractionalSecondDigits: 3,
  hourCycle: 'h23',
})
const DAY = new Intl.DateTimeFormat(undefined, { month: 'short', day: 'numeric' })

/** A time of day to the millisecond, with the day unless it is today. */
export function formatTime(milliseconds: number): string {
  const date = new Date(milliseconds)
  const today = date.toDateString() === new Date().toDateString()
  return today ? TIME.format(date) : `${DAY.format(date)}, ${TIME.format(date)}`
}

/** A count with the separators of the reader's language. */
export function formatCount(count: number, one: string, many: string): string {
  return `${count.toLocaleString()} ${count === 1 ? one : many}`
}
