import { formatBytes } from "../format";
import type { DeviceState } from "./use-device";

/** For a live region: how far the model is on its way here. Empty where there is nothing to say. */
export function describeDevice(state: DeviceState): string {
  if (state.status === "ready") return "The model is on this device.";
  if (state.status !== "loading") return "";
  const { progress } = state;
  if (!progress) return "Downloading the model.";
  // In steps of a tenth: one that spoke every byte would never be silent.
  const tenths = Math.floor((progress.loadedBytes / progress.totalBytes) * 10);
  return `Downloading the model: ${tenths * 10} % of ${formatBytes(progress.totalBytes)}.`;
}
