import { beamSearch } from "@/lib/inference/beam-search";
import { type DecoderOutput, type DecoderStep, layOut } from "@/lib/inference/decoder";
import type { Session } from "@/lib/inference/engine";
import { createStep, type Encoded, takeEncoded } from "./decoder";
import { groupWords, joinSubwords } from "./subwords";
import { type Vocabulary, WORD_START } from "./vocabulary";

/** Most pieces of a word that is named instead. */
const LONGEST_WORD = 12;
/** How many more words the search keeps than are asked for. */
const MORE = 2;

export interface WordAlternatives {
  /** The word with its marks. */
  readonly text: string;
  /** How many of the translation's tokens make it. */
  readonly tokens: number;
  /** What might stand there as well after the words before it, most probable first. */
  readonly alternatives: { readonly text: string; readonly probability: number }[];
}

/** A word of a translation, and where the decoder stood before it. */
interface Place {
  readonly sentence: number;
  readonly tokens: readonly number[];
  /** The token before the word. */
  readonly before: number;
  readonly state: Float32Array;
}

/**
 * Words that might stand in the place of each word of a translation: a beam search from there to the word's end.
 *
 * @param translations - token ids of one for each sentence
 * @param counts - how many others to name for each of its words
 * @param encoded - the same sentences
 * @param signal - checked before every step
 * @throws the signal's reason when it is aborted
 */
export async function findAlternatives(
  translations: readonly (readonly number[])[],
  counts: readonly number[],
  vocabulary: Vocabulary,
  encoded: Encoded,
  session: Session,
  signal?: AbortSignal,
): Promise<WordAlternatives[][]> {
  const places = await retrace(translations, vocabulary, encoded, session, signal);
  const requests = places.map(({ sentence, before }) => {
    const count = (counts[sentence] as number) + 1;
    return { beamWidth: count + MORE, count, maxLength: LONGEST_WORD, startToken: before };
  });
  const states = new Float32Array(places.reduce((sum, { state }) => sum + state.length, 0));
  places.forEach(({ state }, index) => {
    states.set(state, index * state.length);
  });
  const rows = places.map(({ sentence }) => sentence);
  const step = toWordEnds(createStep(session, takeEncoded(encoded, rows), signal), places, vocabulary);
  const found = await beamSearch(requests, { ...vocabulary, lengthPenalty: 0 }, states, step, signal);
  const words: WordAlternatives[][] = translations.map(() => []);
  places.forEach(({ sentence, tokens }, index) => {
    const text = spell(tokens, vocabulary);
    const others = (found[index] ?? [])
      .map((word) => ({ text: spell(word.tokens, vocabulary), probability: Math.exp(word.logProbability) }))
      // The same word can be made of other pieces.
      .filter((other, at, all) => other.text !== text && all.findIndex((each) => each.text === other.text) === at);
    words[sentence]?.push({
      text,
      tokens: tokens.length,
      alternatives: others
        .slice(0, counts[sentence])
        .map((other) => ({ ...other, probability: Math.round(other.probability * 1e6) / 1e6 })),
    });
  });
  return words;
}

function spell(tokens: readonly number[], { russian }: Vocabulary): string {
  return joinSubwords(tokens.map((token) => russian[token] as string));
}

/** Reads the translations once more, and keeps the decoder's state before each word. */
async function retrace(
  translations: readonly (readonly number[])[],
  vocabulary: Vocabulary,
  encoded: Encoded,
  session: Session,
  signal: AbortSignal | undefined,
): Promise<Place[]> {
  const step = createStep(session, encoded, signal);
  const stateSize = encoded.state.dims[1] as number;
  const words = translations.map((tokens) => groupWords(tokens.map((token) => vocabulary.russian[token] as string)));
  const places: Place[] = [];
  let state = encoded.state.data as Float32Array;
  let active = translations.map((_, sentence) => ({ sentence, row: sentence }));
  for (let position = 0; ; position++) {
    active = active.filter(({ sentence }) => position < (translations[sentence] as readonly number[]).length);
    if (active.length === 0) return places.sort((a, b) => a.sentence - b.sentence);
    const read = active.map(({ sentence, row }) => {
      const tokens = translations[sentence] as readonly number[];
      const before = position === 0 ? vocabulary.startToken : (tokens[position - 1] as number);
      const word = words[sentence]?.find(([first]) => first === position);
      if (word) {
        places.push({
          sentence,
          tokens: word.map((place) => tokens[place] as number),
          before,
          state: state.slice(row * stateSize, (row + 1) * stateSize),
        });
      }
      return { source: sentence, tokens: [before], stateRows: [row] };
    });
    signal?.throwIfAborted();
    state = (await step(layOut(read, state, stateSize))).nextState;
    active = active.map(({ sentence }, row) => ({ sentence, row }));
  }
}

/**
 * A decoder that writes single words: it begins with a piece that begins one, and all that begins the next one, or ends the text, is
 * its end.
 */
function toWordEnds(step: DecoderStep, places: readonly Place[], vocabulary: Vocabulary): DecoderStep {
  const { russian, endToken } = vocabulary;
  const begins = russian.map((piece) => piece.startsWith(WORD_START));
  let position = 0;
  return async (input) => {
    const output = await step(input);
    const rows = input.sources.length * input.beams;
    const logProbabilities = output.logProbabilities.slice();
    for (let row = 0; row < rows; row++) {
      const part = logProbabilities.subarray(row * russian.length, (row + 1) * russian.length);
      const place = places[input.sources[Math.floor(row / input.beams)] as number] as Place;
      if (position > 0) closeWord(part, begins, endToken);
      // A text may begin with any piece.
      else if (place.before !== vocabulary.startToken) keepBeginnings(part, begins);
    }
    position += 1;
    return { ...output, logProbabilities } satisfies DecoderOutput;
  };
}

function keepBeginnings(part: Float32Array, begins: readonly boolean[]): void {
  begins.forEach((isBeginning, token) => {
    if (!isBeginning) part[token] = -Infinity;
  });
}

/** Gives the end what all beginnings have together. */
function closeWord(part: Float32Array, begins: readonly boolean[], endToken: number): void {
  let ending = Math.exp(part[endToken] as number);
  begins.forEach((isBeginning, token) => {
    if (!isBeginning) return;
    ending += Math.exp(part[token] as number);
    part[token] = -Infinity;
  });
  part[endToken] = Math.log(ending);
}
