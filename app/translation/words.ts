/** A translation as words, which are what people look at, where the model has parts of words. */
import type { TranslationResponse } from "@/app/api/translation/schema";

type Translation = TranslationResponse["translations"][number];

export interface SourceWord {
  readonly text: string;
  /** Places of its tokens. */
  readonly tokens: readonly number[];
}

export interface TargetWord {
  readonly text: string;
  /** How probable it is after the words before it. */
  readonly probability: number;
  /** One weight for each source word: the mean of its tokens'; undefined where the model does not attend. */
  readonly attention: readonly number[] | undefined;
}

/** Tokens in words: each begins where a token has a space before it. */
function group(tokens: readonly string[]): number[][] {
  const words: number[][] = [];
  tokens.forEach((token, place) => {
    if (place === 0 || token.startsWith(" ")) words.push([place]);
    else words.at(-1)?.push(place);
  });
  return words;
}

/** The source's words, and its end as the last one. */
export function toSourceWords(source: readonly string[]): SourceWord[] {
  const end = source.length - 1;
  const words = group(source.slice(0, end)).map((tokens) => ({
    text: tokens
      .map((place) => source[place])
      .join("")
      .trim(),
    tokens,
  }));
  return [...words, { text: "end", tokens: [end] }];
}

/** @param source - as `toSourceWords` gives it */
export function toTargetWords({ tokens }: Translation, source: readonly SourceWord[]): TargetWord[] {
  return group(tokens.map(({ text }) => text)).map((places) => {
    const parts = places.map((place) => tokens[place] as Translation["tokens"][number]);
    const attends = parts.every(({ attention }) => attention);
    return {
      text: parts
        .map(({ text }) => text)
        .join("")
        .trim(),
      probability: Math.exp(parts.reduce((sum, { logProbability }) => sum + logProbability, 0)),
      attention: attends
        ? source.map((word) => {
            const seen = parts.map(({ attention }) =>
              word.tokens.reduce((sum, place) => sum + (attention?.[place] ?? 0), 0),
            );
            return seen.reduce((sum, each) => sum + each, 0) / seen.length;
          })
        : undefined,
    };
  });
}
