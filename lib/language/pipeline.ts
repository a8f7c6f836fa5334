/** From a text to the text with what the model writes after it, a chunk at a time. */
import type { Engine, LoadOptions, Provider } from "@/lib/inference/engine";
import { InklingError } from "@/lib/inference/errors";
import { type Characters, readText } from "./characters";
import { CHUNK_CHARACTERS, type ChunkResult, type ChunkRow, createChunkModel } from "./chunk";
import { DEFAULT_LENGTH, DEFAULT_TEMPERATURE } from "./options";

export interface LanguageRequest {
  /** To go on from; at most 2,000 characters, and none to begin. */
  readonly text: string;
  /** Characters to write, 0 to 1,000; default 200. */
  readonly length?: number;
  /** 0 to 2; default 0.7. At 0 the likeliest character is taken, at 1 the model's own probabilities hold. */
  readonly temperature?: number;
  /** 0 to 2³² − 1: the same one writes the same text. */
  readonly seed: number;
  /** Whose memories to return, at most 8; default none. */
  readonly units?: readonly number[];
}

export interface ReadCharacter {
  readonly text: string;
  /** −log₂ of the probability that the model gave it, at temperature 1: bits. */
  readonly surprise: number;
  /** c of each unit that was asked for, once the character is read. */
  readonly memory?: number[];
}

export interface Continuation {
  /** The text as it was read, and what was written after it. */
  readonly text: string;
  /** How many of the characters were there before. */
  readonly given: number;
  /** Of the whole text. */
  readonly characters: ReadCharacter[];
  readonly seed: number;
}

export interface ContinueContext {
  readonly signal?: AbortSignal;
  /** Takes what a chunk has read and written, in the order of the text. */
  readonly onPart?: (characters: readonly ReadCharacter[]) => void;
}

/**
 * Reads a text and goes on with it.
 *
 * @param advance - runs one chunk, perhaps beside those of other texts
 * @throws `InklingError` with code `text_too_long`, `unsupported_characters`, or `invalid_field` for a unit that there is not;
 *   what `advance` throws, or the signal's reason
 */
export async function continueText(
  { text, length = DEFAULT_LENGTH, temperature = DEFAULT_TEMPERATURE, seed, units = [] }: LanguageRequest,
  characters: Characters,
  advance: (row: ChunkRow, signal?: AbortSignal) => Promise<ChunkResult>,
  { signal, onPart }: ContinueContext = {},
): Promise<Continuation> {
  const { begin, known, hidden } = characters;
  const given = readText(text, characters);
  const absent = units.find((unit) => unit >= hidden);
  if (absent !== undefined) {
    throw new InklingError(
      "invalid_field",
      `units must be numbers of units, 0 to ${hidden - 1}; one was ${absent}.`,
      `Ask for units from 0 to ${hidden - 1}.`,
    );
  }
  const ids = [...begin, ...given.ids];
  const total = ids.length + length;
  const read: ReadCharacter[] = [];
  let state: Float32Array | null = null;
  for (let at = 0; at < total; ) {
    signal?.throwIfAborted();
    const size = Math.min(CHUNK_CHARACTERS, total - at);
    const part = ids.slice(at, at + size);
    const place = at - begin.length;
    const drawn = size - part.length;
    const result: ChunkResult = await advance({ state, given: part, drawn, seed, place, temperature, units }, signal);
    const fresh = toCharacters(result, known, units.length).slice(Math.max(0, -place));
    read.push(...fresh);
    if (fresh.length > 0) onPart?.(fresh);
    state = result.state;
    at += size;
  }
  return { text: read.map((each) => each.text).join(""), given: given.ids.length, characters: read, seed };
}

function toCharacters({ characters, surprise, memory }: ChunkResult, known: readonly string[], units: number) {
  return Array.from(characters, (id, at): ReadCharacter => {
    const each = { text: known[id] as string, surprise: round(Math.max(0, surprise[at] as number)) };
    if (units === 0) return each;
    return { ...each, memory: Array.from(memory.subarray(at * units, (at + 1) * units), round) };
  });
}

/** To thousandths; adding 0 leaves no negative zero. */
function round(value: number): number {
  return Math.round(value * 1000) / 1000 + 0;
}

export interface LanguageModel {
  readonly provider: Provider;
  readonly characters: Characters;
  /** As `continueText` does. */
  continue(request: LanguageRequest, context?: ContinueContext): Promise<Continuation>;
}

/**
 * Loads the language model for one who writes alone.
 *
 * @example
 * const model = await createLanguageModel(engine);
 * const { text } = await model.continue({ text: "It is a truth", length: 50, seed: 7 });
 *
 * @throws as `Engine.load` does
 */
export async function createLanguageModel(engine: Engine, options?: LoadOptions): Promise<LanguageModel> {
  const { provider, characters, advance } = await createChunkModel(engine, options);
  const one = async (row: ChunkRow, signal?: AbortSignal) => (await advance([row], signal))[0] as ChunkResult;
  return {
    provider,
    characters,
    continue: (request, context) => continueText(request, characters, one, context),
  };
}
