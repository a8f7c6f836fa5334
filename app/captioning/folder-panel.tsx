"use client";

import { Button } from "@/lib/ui/button";
import { FileButton } from "@/lib/ui/file-button";
import { ProgressBar } from "@/lib/ui/progress-bar";
import { saveFile } from "@/lib/ui/save-file";
import { toCsv, toJson } from "./folder-export";
import type { useFolder } from "./use-folder";

/** A whole folder of photos: progress, stop, and the captions as a file. */
export function FolderPanel({ folder }: { folder: ReturnType<typeof useFolder> }) {
  const { rows, done, running, start, stop, clear } = folder;
  const failed = rows.filter(({ error }) => error).length;

  return (
    <div>
      <div className="flex flex-wrap items-center gap-x-5 gap-y-3">
        <FileButton look="line" folder onFiles={(files) => void start(files)}>
          Choose a folder
        </FileButton>
        {running && (
          <Button onClick={stop} aria-keyshortcuts="Escape">
            Stop
          </Button>
        )}
        {done > 0 && (
          <>
            <Button look="text" onClick={async () => saveFile("captions.csv", "text/csv", await toCsv(rows))}>
              Download CSV
            </Button>
            <Button look="text" onClick={() => saveFile("captions.json", "application/json", toJson(rows))}>
              Download JSON
            </Button>
          </>
        )}
        {rows.length > 0 && !running && (
          <Button look="text" onClick={clear}>
            Clear
          </Button>
        )}
      </div>
      {rows.length === 0 ? (
        <p className="mt-3 max-w-prose text-ink-soft text-sm">
          Every photo of a folder is captioned with the settings above; the folder can be dropped on this page too. The
          captions stay here until you download them.
        </p>
      ) : (
        <div className="mt-5">
          <ProgressBar
            label={running ? "Captioning the folder" : done < rows.length ? "Stopped" : "Done"}
            value={done}
            max={rows.length}
            text={`${done} of ${rows.length} photos`}
          />
          <p role="status" className="sr-only">
            {!running &&
              `${done < rows.length ? "Stopped" : "Done"}: ${done} of ${rows.length} photos${failed ? `, ${failed} could not be read` : ""}.`}
          </p>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a long list is scrolled by keyboard too */}
          <section aria-label="Captions of the folder" tabIndex={0} className="mt-4 max-h-[28rem] overflow-y-auto">
            <table className="w-full text-left">
              <thead className="sr-only">
                <tr>
                  <th scope="col">File</th>
                  <th scope="col">Caption</th>
                </tr>
              </thead>
              <tbody>
                {rows.map(({ file, captions, error }) => (
                  <tr key={file} className="border-hairline border-t align-baseline">
                    <th
                      scope="row"
                      className="w-[34%] max-w-0 truncate py-2 pr-5 font-normal text-ink-soft text-note"
                      title={file}
                    >
                      {file}
                    </th>
                    <td className="py-2 font-serif text-lg leading-snug">
                      {captions?.[0]?.text ?? (
                        <span className="font-sans text-ink-soft text-note">
                          {error ?? (running ? "…" : "not captioned")}
                        </span>
                      )}
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          </section>
        </div>
      )}
    </div>
  );
}
