"use client";

import { useEffect, useRef, useState } from "react";
import { InklingError } from "@/lib/inference/errors";
import { Button } from "../button";
import { closeStream, openCamera } from "../camera";
import { Modal } from "../modal";

/** Takes one still picture. The camera is on only while this is open. */
export function CameraDialog({ onPhoto, onClose }: { onPhoto: (file: File) => void; onClose: () => void }) {
  const video = useRef<HTMLVideoElement>(null);
  const [ready, setReady] = useState(false);
  const [problem, setProblem] = useState<string>();

  useEffect(() => {
    let closed = false;
    let stream: MediaStream | undefined;
    openCamera({ facingMode: "environment", width: { ideal: 1280 } }).then(
      (opened) => {
        stream = opened;
        if (closed) closeStream(stream);
        else if (video.current) video.current.srcObject = stream;
      },
      (thrown) => {
        const { detail, suggestion } = InklingError.from(thrown);
        if (!closed) setProblem(`${detail} ${suggestion}`);
      },
    );
    return () => {
      closed = true;
      closeStream(stream);
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
