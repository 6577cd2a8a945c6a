// Indents JSON for reading. It works on the text and not on what the text means: numbers of any length, the order of the
// members and a text that is cut off stay as they are.
const STEP = "  ";

/** JSON with a line for each member; any other text comes back as it is. */
export function indent(text: string): string {
  const trimmed = text.trim();
  if (!/^[[{]/.test(trimmed)) return text;
  const parts: string[] = [];
  let depth = 0;
  // Whole strings, brackets, commas, colons, and whatever stands between them. A string that is cut off has no end.
  for (const [token] of trimmed.matchAll(/"(?:[^"\\]|\\.)*(?:"|$)|[{}[\],:]|[^\s"{}[\],:]+/gsu)) {
    const last = parts.at(-1);
    if (token === "{" || token === "[") {
      depth += 1;
      parts.push(token, line(depth));
    } else if (token === "}" || token === "]") {
      depth = Math.max(0, depth - 1);
      if (last?.startsWith("\n") && /[[{]/.test(parts.at(-2) ?? "")) parts.pop();
      else parts.push(line(depth));
      parts.push(token);
    } else if (token === ",") {
      parts.push(token, line(depth));
    } else {
      parts.push(token === ":" ? ": " : token);
    }
  }
  return parts.join("");
}

function line(depth: number): string {
  return `\n${STEP.repeat(depth)}`;
}
