/** Tags as they are typed, with commas or semicolons between them: trimmed, none twice, none empty. */
export function tagList(text: string): string[] {
  return [...new Set(text.split(/[,;]/).map((tag) => tag.trim()))].filter(Boolean);
}
