import { WORD_START } from "./vocabulary";

/**
 * Splits a text into pieces by byte-pair encoding (Sennrich et al. 2016, section 3.2): of all neighbours that make a piece together,
 * those are joined first that were joined first in learning, from left to right, until none are left. As SentencePiece does it.
 *
 * @param text - as `checkText` lets it pass
 * @param idOf - of a piece; a smaller id is an earlier merge
 * @example
 * splitSubwords("low lower", idOf); // ["▁low", "▁low", "er"]
 */
export function splitSubwords(text: string, idOf: (piece: string) => number | undefined): string[] {
  // Pieces never reach over a space.
  return text.split(" ").flatMap((word) => {
    const pieces = Array.from(WORD_START + word);
    for (;;) {
      let first = -1;
      let lowest = Infinity;
      for (let at = 0; at + 1 < pieces.length; at++) {
        const id = idOf(`${pieces[at]}${pieces[at + 1]}`) ?? Infinity;
        if (id < lowest) [first, lowest] = [at, id];
      }
      if (first < 0) return pieces;
      pieces.splice(first, 2, `${pieces[first]}${pieces[first + 1]}`);
    }
  });
}

/**
 * The text of pieces.
 *
 * @example
 * joinSubwords(["▁Где", "▁во", "кзал", "?"]); // "Где вокзал?"
 */
export function joinSubwords(pieces: readonly string[]): string {
  return pieces.join("").replaceAll(WORD_START, " ").trim();
}

/** Pieces in groups that make a word with its marks: each begins where a piece begins one. Holds the pieces' places. */
export function groupWords(pieces: readonly string[]): number[][] {
  const words: number[][] = [];
  pieces.forEach((piece, place) => {
    if (place === 0 || piece.startsWith(WORD_START)) words.push([place]);
    else words.at(-1)?.push(place);
  });
  return words;
}
