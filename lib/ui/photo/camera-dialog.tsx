"use client";

import { useEffect, useRef, useState } from "react";
import { Button } from "../button";
import { Modal } from "../modal";

const REASONS: Readonly<Record<string, string>> = {
  NotAllowedError: "The camera may not be used here: allow it in the browser’s address bar, then open this again.",
  NotFoundError: "No camera was found on this device.",
  NotReadableError: "The camera is in use by another program.",
};

/** Takes one still picture. The camera is on only while this is open. */
export function CameraDialog({ onPhoto, onClose }: { onPhoto: (file: File) => void; onClose: () => void }) {
  const video = useRef<HTMLVideoElement>(null);
  const [ready, setReady] = useState(false);
  const [problem, setProblem] = useState<string>();

  useEffect(() => {
    let closed = false;
    let stream: MediaStream | undefined;
    async function open() {
      try {
        // Absent where the page is not served over HTTPS.
        if (!navigator.mediaDevices) throw new DOMException("", "NotFoundError");
        stream = await navigator.mediaDevices.getUserMedia({
          video: { facingMode: "environment", width: { ideal: 1280 } },
        });
        if (closed) stop();
        else if (video.current) video.current.srcObject = stream;
      } catch (thrown) {
        if (closed) return;
        setProblem((thrown instanceof Error && REASONS[thrown.name]) || "The camera could not be opened.");
      }
    }
    function stop() {
      for (const track of stream?.getTracks() ?? []) track.stop();
    }
    void open();
    return () => {
      closed = true;
      stop();
    };
  }, []);

  function take() {
    const { current } = video;
    if (!current) return;
    const canvas = document.createElement("canvas");
    canvas.width = current.videoWidth;
    canvas.height = current.videoHeight;
    canvas.getContext("2d")?.drawImage(current, 0, 0);
    canvas.toBlob(
      (blob) => {
        if (blob) onPhoto(new File([blob], "camera.jpg", { type: "image/jpeg" }));
        else setProblem("The picture could not be taken.");
      },
      "image/jpeg",
      0.92,
    );
  }

  return (
    <Modal title="Camera" onClose={onClose}>
      {problem ? (
        <p role="alert">{problem}</p>
      ) : (
        <>
          <video
            ref={video}
            autoPlay
            muted
            playsInline
            aria-label="What the camera sees"
            onLoadedData={() => setReady(true)}
            className="aspect-4/3 w-full bg-paper-deep object-contain"
          />
          <Button look="main" className="mt-5 w-full" disabled={!ready} onClick={take}>
            Take the picture
          </Button>
        </>
      )}
    </Modal>
  );
}
