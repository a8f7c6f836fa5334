"use client";

import { useId } from "react";
import { Button } from "@/lib/ui/button";
import { FileButton } from "@/lib/ui/file-button";
import { formatBytes } from "@/lib/ui/format";
import type { useLive } from "./use-live";

/** Where the picture comes from, and the one thing to do now: start, hold or go on. */
export function SourceControl({
  live: { input, state, held, start, hold, resume, stop },
  missingBytes,
}: {
  live: ReturnType<typeof useLive>;
  /** To download before the first caption; undefined while that is not known. */
  missingBytes: number | undefined;
}) {
  const { source, opening, cameras, torch, setTorch, openCamera, openFile, openScreen } = input;
  const id = useId();
  const startCamera = () => void start(() => openCamera({ facing: "environment" }));
  return (
    <section aria-label="The picture">
      <div className="fixed inset-x-0 bottom-0 z-10 flex gap-3 border-hairline border-t bg-paper px-gutter py-3 lg:static lg:border-0 lg:bg-transparent lg:p-0">
        {source ? (
          <>
            <Button
              look="main"
              aria-keyshortcuts="Space"
              disabled={!held && !state}
              onClick={held ? resume : () => void hold()}
              className="flex-1 py-3 text-base"
            >
              {held ? "Go on" : "Hold"}
            </Button>
            <Button aria-keyshortcuts="Escape" onClick={stop} className="px-6">
              Stop
            </Button>
          </>
        ) : (
          <Button
            look="main"
            aria-keyshortcuts="c"
            disabled={opening !== undefined}
            onClick={startCamera}
            className="flex-1 py-3 text-base"
          >
            Start the camera
            {missingBytes !== undefined && missingBytes > 0 && (
              <span className="numbers">({formatBytes(missingBytes)})</span>
            )}
          </Button>
        )}
      </div>
      <div className="mt-3 flex flex-wrap gap-3">
        {source && source.kind !== "camera" && <Button onClick={startCamera}>Camera</Button>}
        <FileButton
          look="line"
          accept="video/*"
          shortcut="o"
          onFiles={([file]) => file && void start(() => openFile(file))}
        >
          A video file
        </FileButton>
        <Button onClick={() => void start(openScreen)}>A screen</Button>
      </div>
      {source?.kind === "camera" && (
        <div className="mt-5 grid gap-3 text-sm">
          {cameras.length > 1 && (
            <div>
              <label htmlFor={id} className="block text-ink-soft text-note">
                Camera
              </label>
              <select
                id={id}
                value={source.deviceId}
                onChange={({ target }) => void start(() => openCamera({ deviceId: target.value }))}
                className="w-full border-ink/40 border-b bg-paper py-1.5"
              >
                {cameras.map(({ deviceId, label }, index) => (
                  <option key={deviceId} value={deviceId}>
                    {label || `Camera ${index + 1}`}
                  </option>
                ))}
              </select>
            </div>
          )}
          <div className="flex flex-wrap gap-x-5">
            {source.facing && (
              <Button
                look="text"
                onClick={() =>
                  void start(() => openCamera({ facing: source.facing === "user" ? "environment" : "user" }))
                }
              >
                {source.facing === "user" ? "To the back camera" : "To the front camera"}
              </Button>
            )}
            {source.hasTorch && (
              <Button look="text" onClick={() => void setTorch(!torch)}>
                {torch ? "Light off" : "Light on"}
              </Button>
            )}
          </div>
        </div>
      )}
    </section>
  );
}
