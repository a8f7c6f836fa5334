/** Captioning by another server: one call for the whole search of a batch. */
import type { OipClient } from "@/lib/inference/oip/client";
import type { CaptionOptions } from "./options";
import type { Caption, EncodedPhotos } from "./pipeline";
import { packRequest, unpackCaptions } from "./tensors";

/**
 * As `Captioner.caption`, where the decoder is not here.
 *
 * @param model - the server's name for captioning
 * @throws as `OipClient.infer` does
 */
export async function captionRemotely(
  client: OipClient,
  model: string,
  photos: EncodedPhotos,
  options: readonly CaptionOptions[],
  signal?: AbortSignal,
): Promise<Caption[][]> {
  return unpackCaptions(await client.infer(model, packRequest(photos, options), undefined, signal), options);
}
