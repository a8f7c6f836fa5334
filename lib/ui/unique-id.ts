/** An id that nothing else has. `crypto.randomUUID` is absent where the page is not served over HTTPS. */
export function uniqueId(): string {
  return Array.from(crypto.getRandomValues(new Uint32Array(4)), (part) => part.toString(36)).join("-");
}
