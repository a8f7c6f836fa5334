/** The units that training found to tell something of a text. */
import { MAX_UNITS } from "@/lib/language/options";
import stored from "@/models/language/units.json";

interface Property {
  readonly label: string;
  readonly meaning: string;
  /** What the score alone would not tell. */
  readonly caution?: string;
}

/** Properties of a text, as `training/language/probing.py` names them; what can be seen best comes first. */
const PROPERTIES: Readonly<Record<string, Property>> = {
  line: { label: "the line's length", meaning: "how many characters the line already has" },
  word: { label: "the word's length", meaning: "how many letters the word already has" },
  sentence: { label: "the sentence's length", meaning: "how many characters the sentence already has" },
  name: { label: "words with a capital letter", meaning: "whether a character stands in a word with a capital letter" },
  quotes: {
    label: "hints at quotation marks, weakly",
    meaning: "whether a character stands inside quotation marks",
    caution:
      "It counts on and drops now and then, inside quotation marks and outside: a single text hardly shows the difference.",
  },
};

export interface TrackingUnit {
  /** Of the LSTM's units. */
  readonly unit: number;
  /** Such as "the line's length". */
  readonly label: string;
  /** Between these its memory lies on dev chapters, but for the lowest and highest hundredth. */
  readonly low: number;
  readonly high: number;
  /** What training measured, in a sentence. */
  readonly measured: string;
}

/** In the order in which their memories are asked for. */
export const UNITS: readonly TrackingUnit[] = stored
  .slice(0, MAX_UNITS)
  .map(({ property, unit, measure, test, low, high }) => {
    const { label = property, meaning = property, caution } = PROPERTIES[property] ?? {};
    const score =
      measure === "AUC"
        ? `an area under the ROC curve of ${Math.max(test, 1 - test).toFixed(2)}, where 0.5 is chance and 1 certainty`
        : `a correlation of ${test.toFixed(2).replace("-", "−")}, where 0 is chance`;
    const notes = [measure === "AUC" && test < 0.5 && "It falls where others would rise.", caution].filter(Boolean);
    return {
      unit,
      label,
      low,
      high,
      measured: [
        `Of all units, number ${unit} tells best ${meaning}: on chapters that it never saw with ${score}.`,
        ...notes,
      ].join(" "),
    };
  });

/** Places among `UNITS`, in the order in which they are shown. */
export const SHOWN_UNITS: readonly number[] = Object.keys(PROPERTIES)
  .map((name) => stored.slice(0, MAX_UNITS).findIndex(({ property }) => property === name))
  .filter((place) => place >= 0);
