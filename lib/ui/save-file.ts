/** Hands the visitor a file to keep. */
export function saveFile(name: string, type: string, content: string | Blob): void {
  const url = URL.createObjectURL(new Blob([content], { type }));
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  // Later, or some browsers find nothing at the address when they begin to save.
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
