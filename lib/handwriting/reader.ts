import type { Engine, LoadOptions, Tensor } from "@/lib/inference/engine";
import { InklingError } from "@/lib/inference/errors";
import { z } from "@/lib/inference/validation";

export interface Reading {
  readonly text: string;
  /** Mean over the ink of the best character's log-probability: how sure the reader is, 0 at best. */
  readonly certainty: number;
}

export interface Reader {
  /**
   * Reads one line.
   *
   * @param offsets - float32 [n, 3] in steps, as `toOffsets` makes them
   * @param signal - checked before the run
   * @throws `InklingError` with code `internal` when the run fails, or the signal's reason when it is aborted
   */
  read(offsets: Float32Array, signal?: AbortSignal): Promise<Reading>;
}

/** Texts kept at each frame, and characters tried to go on with. */
const BEAM_WIDTH = 8;
const CANDIDATES = 12;
/** CTC's character for none. */
const BLANK = 0;

const schema = z.object({ characters: z.string().min(1), pointsPerFrame: z.int().positive() });

/**
 * Loads the reader.
 *
 * @throws as `Engine.load` does
 */
export async function createReader(engine: Engine, options?: LoadOptions): Promise<Reader> {
  const [{ characters, pointsPerFrame }, session] = await Promise.all([
    engine.readText("handwriting/reader.json").then(parseAlphabet),
    engine.load("handwriting/reader.onnx", options),
  ]);
  return {
    async read(offsets, signal) {
      const points = Math.ceil(offsets.length / 3 / pointsPerFrame) * pointsPerFrame;
      const data = new Float32Array(3 * points);
      data.set(offsets);
      const inputs = { points: { type: "float32", data, dims: [1, points, 3] } } as const;
      const { log_probabilities: found } = await session.run(inputs, signal);
      const [, frames, width] = (found as Tensor).dims as readonly [number, number, number];
      const all = (found as Tensor).data as Float32Array;
      const rows = Array.from({ length: frames }, (_, frame) => all.subarray(frame * width, (frame + 1) * width));
      return {
        text: beamSearch(rows)
          .map((id) => characters[id - 1] ?? "")
          .join("")
          .trim(),
        certainty: rows.reduce((sum, row) => sum + Math.max(...row), 0) / frames,
      };
    },
  };
}

/** A text, as its last character and the text before that. */
interface Prefix {
  readonly id: number;
  readonly before: Prefix | null;
  readonly longer: Map<number, Prefix>;
  /** Log-probability of the paths up to the last frame that end in a blank, and of those that end in the last character. */
  blank: number;
  character: number;
  /** The same up to the frame that is being looked at. */
  nextBlank: number;
  nextCharacter: number;
}

const NEVER = Number.NEGATIVE_INFINITY;

/**
 * The likeliest text by prefix search (Hannun, Maas, Jurafsky and Ng 2014), which adds up the paths of each text.
 *
 * @param frames - log-probabilities of the blank and of each character
 * @returns character ids, the blank being 0
 */
export function beamSearch(frames: readonly Float32Array[]): number[] {
  let beams: Prefix[] = [{ ...prefix(BLANK, null), blank: 0 }];
  for (const frame of frames) {
    const following = new Set<Prefix>();
    const candidates = likeliest(frame);
    for (const text of beams) {
      const total = logAdd(text.blank, text.character);
      following.add(text);
      text.nextBlank = logAdd(text.nextBlank, total + (frame[BLANK] as number));
      if (text.before) text.nextCharacter = logAdd(text.nextCharacter, text.character + (frame[text.id] as number));
      for (const id of candidates) {
        const longer = text.longer.get(id) ?? prefix(id, text);
        text.longer.set(id, longer);
        following.add(longer);
        // A character twice needs a blank between.
        const from = text.before && id === text.id ? text.blank : total;
        longer.nextCharacter = logAdd(longer.nextCharacter, from + (frame[id] as number));
      }
    }
    for (const text of following) {
      text.blank = text.nextBlank;
      text.character = text.nextCharacter;
      text.nextBlank = NEVER;
      text.nextCharacter = NEVER;
    }
    beams = [...following]
      .map((text) => ({ text, total: logAdd(text.blank, text.character) }))
      .sort((a, b) => b.total - a.total)
      .slice(0, BEAM_WIDTH)
      .map(({ text }) => text);
  }
  const ids: number[] = [];
  for (let text = beams[0] as Prefix; text.before; text = text.before) ids.unshift(text.id);
  return ids;
}

function prefix(id: number, before: Prefix | null): Prefix {
  return { id, before, longer: new Map(), blank: NEVER, character: NEVER, nextBlank: NEVER, nextCharacter: NEVER };
}

/** The characters that are likeliest in a frame, without the blank. */
function likeliest(frame: Float32Array): number[] {
  return Array.from(frame, (_, id) => id)
    .sort((a, b) => (frame[b] as number) - (frame[a] as number))
    .slice(0, CANDIDATES)
    .filter((id) => id !== BLANK);
}

function logAdd(a: number, b: number): number {
  const high = Math.max(a, b);
  return high === NEVER ? high : high + Math.log1p(Math.exp(Math.min(a, b) - high));
}

/**
 * The least edits that make one text of another (Levenshtein), from each of the first one's beginnings.
 *
 * @returns for each length of the beginning of `truth`, 0 included, the edits between it and `read`
 */
export function editDistances(truth: string, read: string): number[] {
  const other = Array.from(read);
  let row = [0, ...other.map((_, index) => index + 1)];
  const distances = [row.at(-1) as number];
  for (const character of Array.from(truth)) {
    const next = [(row[0] as number) + 1];
    other.forEach((each, index) => {
      const changed = (row[index] as number) + (each === character ? 0 : 1);
      next.push(Math.min(changed, (row[index + 1] as number) + 1, (next[index] as number) + 1));
    });
    row = next;
    distances.push(row.at(-1) as number);
  }
  return distances;
}

function parseAlphabet(json: string): z.output<typeof schema> {
  try {
    return schema.parse(JSON.parse(json));
  } catch (cause) {
    throw new InklingError(
      "model_unavailable",
      "The handwriting reader's characters cannot be read.",
      "Restore models/handwriting/reader.json from the repository.",
      { cause },
    );
  }
}
