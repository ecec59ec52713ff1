/**
 * Has the browser save a file.
 *
 * @param name as it is proposed to the user
 * @param content for `JSON.stringify`
 */
export function saveJson(name: string, content: unknown): void {
  const url = URL.createObjectURL(new Blob([JSON.stringify(content)], { type: 'application/json' }))
  const link = document.createElement('a')
  link.href = url
  link.download = name
  link.click()
  URL.revokeObjectURL(url)
}
