/** The units that training found to track something, in the order in which their memories are asked for. */
import { MAX_UNITS } from "@/lib/language/options";
import stored from "@/models/language/units.json";

/** A property of the text, as `training/language/probing.py` names them. */
const PROPERTIES: Readonly<Record<string, { readonly label: string; readonly meaning: string }>> = {
  quotes: { label: "inside quotation marks", meaning: "whether a character stands inside quotation marks" },
  line: { label: "the line's length", meaning: "how many characters the line already has" },
  sentence: { label: "the sentence's length", meaning: "how many characters the sentence already has" },
  word: { label: "the word's length", meaning: "how many letters the word already has" },
  name: { label: "words with a capital letter", meaning: "whether a character stands in a word with a capital letter" },
};

export interface TrackingUnit {
  /** Of the LSTM's units. */
  readonly unit: number;
  /** Such as "inside quotation marks". */
  readonly label: string;
  /** Between these its memory lies on dev chapters, but for the lowest and highest hundredth. */
  readonly low: number;
  readonly high: number;
  /** What training measured, in a sentence. */
  readonly measured: string;
}

export const UNITS: readonly TrackingUnit[] = stored
  .slice(0, MAX_UNITS)
  .map(({ property, unit, measure, test, low, high }) => {
    const { label = property, meaning = property } = PROPERTIES[property] ?? {};
    const score =
      measure === "AUC"
        ? `an area under the ROC curve of ${Math.max(test, 1 - test).toFixed(2)}, where 0.5 is chance and 1 certainty`
        : `a correlation of ${test.toFixed(2).replace("-", "−")}, where 0 is chance`;
    const falls = measure === "AUC" && test < 0.5 ? " It falls where others would rise." : "";
    return {
      unit,
      label,
      low,
      high,
      measured: `Of all units, number ${unit} tells best ${meaning}: on chapters that it never saw with ${score}.${falls}`,
    };
  });
