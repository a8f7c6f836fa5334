/** What was measured on chapters that trained nothing, in bits per character as they are shown. */
import stored from "@/models/language/metrics.json";

export const SCORES = {
  network: bitsOf("app (int8 ONNX)"),
  fiveGram: bitsOf("5-gram"),
  sevenGram: bitsOf("7-gram"),
  /** Of LSTMs of 64 units after one epoch. */
  oneHot: bitsOf("64 units, one-hot vectors"),
  embeddings: bitsOf("64 units, embeddings of 64"),
} as const;

function bitsOf(model: string): string {
  const bits = stored.rows.find((row) => row.model === model)?.["bits per character"];
  if (bits === undefined) throw new Error(`models/language/metrics.json has no bits per character of ${model}`);
  return bits.toFixed(2);
}
