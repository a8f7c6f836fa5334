"use client";

import { type RefObject, useEffect, useRef, useState } from "react";
import { InklingError } from "@/lib/inference/errors";
import { Button } from "@/lib/ui/button";
import { Problem } from "@/lib/ui/problem";
import { saveFile } from "@/lib/ui/save-file";
import type { Clip } from "./clip";
import type { WalkItem } from "./use-walk";

/** The walk as files, and a clip of it. What makes a file comes when it is asked for. */
export function KeepControl({
  items,
  end,
  video,
  running,
  caption,
  onKept,
}: {
  items: readonly WalkItem[];
  /** Of the walk, in seconds. */
  end: () => number;
  video: RefObject<HTMLVideoElement | null>;
  /** Whether there is something to record. */
  running: boolean;
  caption: string;
  /** Pictures and captions are in a file. */
  onKept: () => void;
}) {
  const [error, setError] = useState<InklingError>();
  const save = (make: () => Promise<void>) => {
    setError(undefined);
    make().catch((thrown) => setError(InklingError.from(thrown)));
  };
  const saveVtt = async () => {
    const { toVtt } = await import("@/lib/captioning/live/walk");
    saveFile("walk.vtt", "text/vtt", toVtt(items, end()));
  };
  const saveCsv = async () => {
    const { toCsv } = await import("@/lib/captioning/live/walk");
    saveFile("walk.csv", "text/csv", await toCsv(items));
  };
  const saveZip = async () => {
    const { toZip } = await import("@/lib/captioning/live/walk");
    saveFile("walk.zip", "application/zip", await toZip(items, end()));
    onKept();
  };
  return (
    <div className="grid gap-3">
      <div className="flex flex-wrap items-center gap-3">
        {items.length > 0 && (
          <>
            <Button onClick={() => save(saveVtt)}>WebVTT</Button>
            <Button onClick={() => save(saveCsv)}>CSV</Button>
            <Button onClick={() => save(saveZip)}>Frames (ZIP)</Button>
          </>
        )}
        <ClipButton video={video} running={running} caption={caption} onError={setError} />
      </div>
      {error && <Problem error={error} />}
    </div>
  );
}

function ClipButton({
  video,
  running,
  caption,
  onError,
}: {
  video: RefObject<HTMLVideoElement | null>;
  running: boolean;
  caption: string;
  onError: (error: InklingError | undefined) => void;
}) {
  const [recording, setRecording] = useState(false);
  const clip = useRef<Clip>(undefined);
  const written = useRef(caption);
  useEffect(() => {
    written.current = caption;
  }, [caption]);
  // Whoever leaves the page did not ask for a file.
  useEffect(() => () => void clip.current?.stop(), []);

  async function begin() {
    onError(undefined);
    try {
      const { recordClip } = await import("./clip");
      if (!video.current) return;
      clip.current = recordClip(video.current, () => written.current);
      setRecording(true);
    } catch (thrown) {
      onError(InklingError.from(thrown));
    }
  }
  async function finish() {
    const blob = await clip.current?.stop();
    clip.current = undefined;
    setRecording(false);
    if (blob) saveFile(blob.type === "video/mp4" ? "walk.mp4" : "walk.webm", blob.type, blob);
  }

  if (!recording && !running) return null;
  return (
    <Button onClick={() => void (recording ? finish() : begin())}>
      {recording ? "End the clip and keep it" : "Record a clip"}
    </Button>
  );
}
