"use client";

import dynamic from "next/dynamic";
import Image from "next/image";
import { type FormEvent, useState } from "react";
import { Button } from "../button";
import { FileButton } from "../file-button";
import { SAMPLES, type Sample, sampleUrl } from "./samples";

// Loaded when it is opened: most visitors never do.
const CameraDialog = dynamic(() => import("./camera-dialog").then((module) => module.CameraDialog), { ssr: false });

/** The one control for a photo: file, camera, address or sample. What is dropped or pasted comes in by the page. */
export function PhotoControl({
  sample,
  wide = false,
  onFiles,
  onAddress,
  onSample,
}: {
  /** The sample on screen, if it is one. */
  sample: string | undefined;
  /** Whether it has a wide column to itself. */
  wide?: boolean;
  onFiles: (files: File[]) => void;
  onAddress: (address: string) => void;
  onSample: (sample: Sample) => void;
}) {
  const [open, setOpen] = useState<"camera" | "address">();
  const [address, setAddress] = useState("");

  function submit(event: FormEvent) {
    event.preventDefault();
    onAddress(address.trim());
  }

  return (
    <section aria-label="Photo">
      <div className="fixed inset-x-0 bottom-0 z-10 flex gap-3 border-hairline border-t bg-paper px-gutter py-3 lg:static lg:block lg:border-0 lg:bg-transparent lg:p-0">
        <FileButton
          look="main"
          accept="image/*,.heic,.heif"
          shortcut="o"
          className={`flex-1 py-3 text-base ${wide ? "lg:px-8" : "lg:w-full"}`}
          onFiles={onFiles}
        >
          Choose a photo
        </FileButton>
        <Button className="lg:hidden" onClick={() => setOpen("camera")}>
          Camera
        </Button>
      </div>
      <p className="mt-3 text-ink-soft text-sm">
        or{" "}
        <span className="hidden lg:inline">
          drop or paste one anywhere,{" "}
          <Button look="text" aria-keyshortcuts="c" onClick={() => setOpen("camera")}>
            use the camera
          </Button>
          ,{" "}
        </span>
        <Button
          look="text"
          aria-keyshortcuts="u"
          aria-expanded={open === "address"}
          onClick={() => setOpen(open === "address" ? undefined : "address")}
        >
          give its address
        </Button>
      </p>
      {open === "address" && (
        <form onSubmit={submit} className="mt-2 flex gap-2">
          <input
            type="url"
            required
            // biome-ignore lint/a11y/noAutofocus: the visitor has just asked for this field
            autoFocus
            value={address}
            onChange={(event) => setAddress(event.target.value)}
            placeholder="https://…"
            aria-label="Address of a photo"
            className="min-w-0 flex-1 border-ink/40 border-b bg-transparent py-1.5 text-sm placeholder:text-ink-soft"
          />
          <Button type="submit">Fetch</Button>
        </form>
      )}
      <ul
        aria-label="Sample photos"
        className={`mt-5 grid grid-cols-4 gap-1.5 sm:grid-cols-6 ${wide ? "" : "lg:grid-cols-4"}`}
      >
        {SAMPLES.map((each) => (
          <li key={each.id}>
            <button
              type="button"
              title={`${each.title}. ${each.author}, ${each.licence}`}
              aria-pressed={each.id === sample}
              onClick={() => onSample(each)}
              className="block aspect-square w-full overflow-hidden opacity-90 outline-offset-2 hover:opacity-100 aria-pressed:opacity-100 aria-pressed:outline-2 aria-pressed:outline-ink"
            >
              <Image
                src={sampleUrl(each)}
                alt={each.title}
                width={160}
                height={160}
                sizes="96px"
                className="size-full object-cover"
              />
            </button>
          </li>
        ))}
      </ul>
      {open === "camera" && (
        <CameraDialog
          onClose={() => setOpen(undefined)}
          onPhoto={(file) => {
            setOpen(undefined);
            onFiles([file]);
          }}
        />
      )}
    </section>
  );
}
