"use client";

import { type RefObject, useCallback, useEffect, useRef, useState } from "react";
import { InklingError } from "@/lib/inference/errors";
import { closeStream, openCamera } from "@/lib/ui/camera";

export type SourceKind = "camera" | "file" | "screen";

/** Which camera: one by its id, or one that looks to a side. */
export type CameraChoice = { readonly deviceId: string } | { readonly facing: "environment" | "user" };

export interface Source {
  readonly kind: SourceKind;
  /** Of the file. */
  readonly name?: string;
  /** Of the camera that is open. */
  readonly deviceId?: string;
  /** Where the camera looks, if it says so. */
  readonly facing?: string;
  /** Whether the camera has a light. */
  readonly hasTorch: boolean;
}

/** More would be thrown away: the model sees 224×224. */
const SIZE = { width: { ideal: 1280 }, height: { ideal: 720 }, frameRate: { ideal: 30 } };

/** Puts a camera, a file or a screen into a video element, and says what becomes of it. */
export function useSource(video: RefObject<HTMLVideoElement | null>) {
  const [source, setSource] = useState<Source>();
  const [opening, setOpening] = useState<SourceKind>();
  const [error, setError] = useState<InklingError>();
  const [cameras, setCameras] = useState<readonly MediaDeviceInfo[]>([]);
  const [torch, setTorchState] = useState(false);
  const stream = useRef<MediaStream>(undefined);
  const url = useRef<string>(undefined);
  /** Which opening is the latest: one that was overtaken closes what it opened. */
  const turn = useRef(0);

  const release = useCallback(() => {
    closeStream(stream.current);
    stream.current = undefined;
    if (url.current) URL.revokeObjectURL(url.current);
    url.current = undefined;
    const { current } = video;
    if (current) {
      current.srcObject = null;
      current.removeAttribute("src");
      current.load();
    }
  }, [video]);

  const close = useCallback(() => {
    turn.current++;
    release();
    setSource(undefined);
    setOpening(undefined);
    setTorchState(false);
  }, [release]);

  const fail = useCallback(
    (thrown: unknown) => {
      close();
      setError(InklingError.from(thrown));
    },
    [close],
  );

  useEffect(
    () => () => {
      turn.current++;
      release();
    },
    [release],
  );

  /** @returns whether there is a picture now */
  const open = useCallback(
    async (kind: SourceKind, make: () => Promise<{ stream?: MediaStream; url?: string; name?: string }>) => {
      const own = ++turn.current;
      setOpening(kind);
      setError(undefined);
      if (kind === "camera") {
        // Phones open one camera at a time.
        release();
        setSource(undefined);
      }
      try {
        const made = await make();
        const { current } = video;
        if (own !== turn.current || !current) {
          closeStream(made.stream);
          return false;
        }
        release();
        stream.current = made.stream;
        url.current = made.url;
        if (made.stream) current.srcObject = made.stream;
        else if (made.url) current.src = made.url;
        const [track] = made.stream?.getVideoTracks() ?? [];
        // Fired where the device goes away, not where this page lets it go.
        track?.addEventListener("ended", () => own === turn.current && fail(lostError(kind)));
        await current.play().catch((cause) => {
          if (own === turn.current) throw playError(kind, cause);
        });
        if (own !== turn.current) return false;
        const { deviceId, facingMode } = track?.getSettings() ?? {};
        const hasTorch = "torch" in (track?.getCapabilities?.() ?? {});
        setSource({ kind, name: made.name, deviceId, facing: facingMode, hasTorch });
        setOpening(undefined);
        setTorchState(false);
        // Their names are known only once one of them may be used.
        if (kind === "camera") setCameras(await listCameras());
        return true;
      } catch (thrown) {
        if (own === turn.current) fail(thrown);
        return false;
      }
    },
    [video, release, fail],
  );

  const setTorch = useCallback(async (on: boolean) => {
    const [track] = stream.current?.getVideoTracks() ?? [];
    // TypeScript does not know the light of a camera.
    await track?.applyConstraints({ advanced: [{ torch: on } as MediaTrackConstraintSet] }).then(
      () => setTorchState(on),
      () => setError(new InklingError("internal", "The camera’s light could not be switched.", "Use another light.")),
    );
  }, []);

  return {
    source,
    opening,
    error,
    cameras,
    torch,
    setTorch,
    openCamera: useCallback(
      (choice: CameraChoice) =>
        open("camera", async () => ({
          stream: await openCamera({
            ...SIZE,
            ...("deviceId" in choice ? { deviceId: { exact: choice.deviceId } } : { facingMode: choice.facing }),
          }),
        })),
      [open],
    ),
    openFile: useCallback(
      (file: File) => open("file", async () => ({ url: URL.createObjectURL(file), name: file.name })),
      [open],
    ),
    openScreen: useCallback(() => open("screen", async () => ({ stream: await openScreen() })), [open]),
    close,
    /** Ends the source with a sentence that says why. */
    fail,
  };
}

async function listCameras(): Promise<MediaDeviceInfo[]> {
  const devices = await navigator.mediaDevices.enumerateDevices().catch(() => []);
  return devices.filter(({ kind, deviceId }) => kind === "videoinput" && deviceId !== "");
}

async function openScreen(): Promise<MediaStream> {
  if (!navigator.mediaDevices?.getDisplayMedia) {
    throw new InklingError("internal", "This browser cannot share a screen.", "Use the camera or a video file.");
  }
  return await navigator.mediaDevices.getDisplayMedia({ video: SIZE }).catch((cause) => {
    throw new InklingError(
      "internal",
      "No screen was shared.",
      "Choose a window or a screen when the browser asks, and allow it.",
      { cause },
    );
  });
}

function lostError(kind: SourceKind): InklingError {
  return kind === "screen"
    ? new InklingError(
        "internal",
        "The screen is no longer shared.",
        "Share it again to go on. The walk so far is kept.",
      )
    : new InklingError(
        "internal",
        "The camera was disconnected.",
        "Connect it again or choose another, then start again. The walk so far is kept.",
      );
}

function playError(kind: SourceKind, cause: unknown): InklingError {
  return kind === "file"
    ? new InklingError(
        "internal",
        "This browser cannot play that file.",
        "Choose a video that it plays: MP4 (H.264) and WebM are played by most.",
        { cause },
      )
    : new InklingError("internal", "The picture could not be shown.", "Try again.", { cause });
}
