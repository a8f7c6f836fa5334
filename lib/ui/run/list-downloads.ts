import { commonFiles, findModel, type Manifest } from "@/lib/inference/manifest";
import type { ModelDownload } from "./downloads";

/**
 * What running models in a browser downloads. For the server alone: the manifest's schema is more than a page should load.
 *
 * @throws `InklingError` with code `unknown_model`
 */
export function listDownloads(manifest: Manifest, names: readonly string[]): ModelDownload[] {
  return names.map((name) => {
    const model = findModel(manifest, name);
    return { name, sha256: model.sha256, bytes: commonFiles(model).reduce((sum, { bytes }) => sum + bytes, 0) };
  });
}
