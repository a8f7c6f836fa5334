/** From a visitor's ink to what the synthesiser goes on from. */
import { findFrame, type NormalisedInk, type Path, toOffsets, toPaths } from "./ink";
import { editDistances, type Reader } from "./reader";
import type { Prime } from "./types";
import type { PreparedPrime } from "./writing";

/** Texts that stand for what ink may be, as far as its height shows: with and without long letters above and below. */
const GUESSES = ["a a", "h h", "g g", "h g"];
/** Share of the text's characters that the reader may take for others before it is doubted. */
const DOUBTED_ERROR_RATE = 0.5;

/**
 * Normalises ink, and reads it: to know its text where none is given, else to see whether it says that.
 *
 * @param prime - of any scale, at least one point; its text in characters that can be written
 * @param reader - null where there is none: ink that comes with its text is then taken as it is
 * @throws as `Reader.read` does
 *
 * @example
 * const prime = await preparePrime({ strokes }, await createReader(engine));
 * prime.primeText; // "The quick brown fox"
 */
export async function preparePrime(
  { text, strokes }: Prime,
  reader: Reader | null,
  signal?: AbortSignal,
): Promise<PreparedPrime> {
  const paths = toPaths({ strokes });
  const said = text?.trim().replace(/\s+/g, " ");
  if (said !== undefined) {
    return await follow(normalise(paths, said), said, reader, signal);
  }
  const read = reader ? await readUnknown(paths, reader, signal) : "";
  const warnings: string[] = [];
  if (read === "") {
    warnings.push("The ink could not be read, so that the hand is not its own: send its text in prime.text.");
    return { primeText: "", warnings };
  }
  const ink = normalise(paths, read);
  if (ink.isCut) warnings.push(CUT);
  return { lead: { offsets: ink.offsets, text: read }, primeText: read, warnings };
}

const CUT = "The ink is longer than a line: only its beginning was used.";

/** The lead of ink whose text is given. */
async function follow(
  { offsets, isCut }: NormalisedInk,
  text: string,
  reader: Reader | null,
  signal: AbortSignal | undefined,
): Promise<PreparedPrime> {
  const warnings = isCut ? [CUT] : [];
  if (!reader) return { lead: { offsets, text }, warnings };
  const { text: read } = await reader.read(offsets, signal);
  const distances = editDistances(text, read);
  // Of ink that was cut, the text is the beginning that looks most like what is read of it.
  const length = isCut ? distances.lastIndexOf(Math.min(...distances.slice(1))) : text.length;
  const kept = text.slice(0, length).trim();
  if ((distances[length] as number) > DOUBTED_ERROR_RATE * length) {
    warnings.push(`The ink may not say what prime.text does: it reads as ${JSON.stringify(read)}.`);
  }
  return { lead: { offsets, text: kept }, warnings };
}

/** Reads ink of which nothing is known: framed in each way that it may have been meant, and again by what is read then. */
async function readUnknown(paths: readonly Path[], reader: Reader, signal?: AbortSignal): Promise<string> {
  let best = { text: "", certainty: Number.NEGATIVE_INFINITY };
  for (const guess of GUESSES) {
    const reading = await reader.read(normalise(paths, guess).offsets, signal);
    if (reading.text !== "" && reading.certainty > best.certainty) best = reading;
  }
  if (best.text === "") return "";
  const again = await reader.read(normalise(paths, best.text).offsets, signal);
  return again.text === "" ? best.text : again.text;
}

function normalise(paths: readonly Path[], text: string): NormalisedInk {
  return toOffsets(paths, findFrame(paths, text), text);
}
