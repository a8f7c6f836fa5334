/** Files out of a drop or a paste, folders opened. */

export async function readDropped(data: DataTransfer): Promise<File[]> {
  // The entries have to be asked for before anything is awaited: the transfer is emptied afterwards.
  const entries = [...data.items].map((item) => item.webkitGetAsEntry()).filter((entry) => entry !== null);
  if (!entries.some(({ isDirectory }) => isDirectory)) return [...data.files];
  const files: File[] = [];
  // One that cannot be read (removed since, or not permitted) does not cost the others.
  for (const entry of entries) await readEntry(entry, files).catch(() => {});
  return files;
}

/** Whether a file of a folder is a photo, by its name or its type: folders hold other things too. */
export function looksLikePhoto({ name, type }: File): boolean {
  return type.startsWith("image/") || /\.(jpe?g|png|webp|gif|avif|hei[cf])$/i.test(name);
}

/** Where a file lies inside the folder that was chosen or dropped. */
export function pathOf(file: File): string {
  return file.webkitRelativePath || droppedPaths.get(file) || file.name;
}

const droppedPaths = new WeakMap<File, string>();

async function readEntry(entry: FileSystemEntry, files: File[]): Promise<void> {
  if (isFile(entry)) {
    const file = await new Promise<File>((resolve, reject) => entry.file(resolve, reject));
    droppedPaths.set(file, entry.fullPath.replace(/^\//, ""));
    files.push(file);
  } else if (isDirectory(entry)) {
    const reader = entry.createReader();
    // It gives at most a hundred at a time, and an empty list at the end.
    for (;;) {
      const batch = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject));
      if (batch.length === 0) return;
      for (const child of batch) await readEntry(child, files);
    }
  }
}

const isFile = (entry: FileSystemEntry): entry is FileSystemFileEntry => entry.isFile;
const isDirectory = (entry: FileSystemEntry): entry is FileSystemDirectoryEntry => entry.isDirectory;
