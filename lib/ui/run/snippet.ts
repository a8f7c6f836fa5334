/** A call of the API as a program writes it. */
export interface Snippet {
  readonly language: "curl" | "Python" | "TypeScript" | "HTML";
  readonly code: string;
}

/** One argument of a POSIX shell, whatever is in it. */
export function shellQuote(text: string): string {
  return /^[\w.-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
