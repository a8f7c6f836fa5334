/** Apart from `downloads.ts`, so that what reads manifests is not sent to browsers before a click. */
import { findModel, type Manifest } from "@/lib/inference/manifest";
import type { ModelDownload } from "./downloads";

/** @throws `InklingError` with code `unknown_model` */
export function listDownloads(manifest: Manifest, names: readonly string[]): ModelDownload[] {
  return names.map((name) => {
    const { files, sha256 } = findModel(manifest, name);
    return { name, sha256, bytes: files.reduce((sum, { bytes }) => sum + bytes, 0) };
  });
}
