/** The text, or as much of it as is kept, with a last line that says so. */
export function capText(text: string, maxCharacters: number): string {
  if (text.length <= maxCharacters) return text
  const start = text.slice(0, maxCharacters).toWellFormed()
  return `${start}\n[Cut: these are the first ${maxCharacters} of ${text.length} characters.]`
}
