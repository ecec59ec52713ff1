/** Takes user names and passwords out of the URLs of a text: what was configured is shown and logged. */
export function withoutUserInfo(text: string): string {
  return text.replaceAll(/:\/\/[^/\s@]*(?:@[^/\s@]*)*@/g, '://[user-info]@')
}
