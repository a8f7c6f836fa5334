/** The scores of a model, as `python -m training.captioning evaluate --write` keeps them in its metrics.json. */
import { z } from "zod";

const metricsSchema = z.object({
  /** One evaluation each: which model, on which data, and its values by their names. */
  rows: z.array(z.object({ model: z.string(), data: z.string() }).catchall(z.number())),
});

export interface ScoreTable {
  /** What was evaluated on, e.g. "flickr8k dev". */
  readonly data: string;
  /** Names of the values, in the order in which they were written. */
  readonly columns: readonly string[];
  readonly rows: readonly { readonly model: string; readonly values: Readonly<Record<string, number>> }[];
}

/**
 * Parts the rows of a metrics.json by what they were evaluated on.
 *
 * @throws `ZodError` when the text has another format
 */
export function parseMetrics(json: string): ScoreTable[] {
  const { rows } = metricsSchema.parse(JSON.parse(json));
  return [...new Set(rows.map(({ data }) => data))].map((data) => {
    const own = rows.filter((row) => row.data === data).map(({ model, data: _, ...values }) => ({ model, values }));
    return { data, columns: [...new Set(own.flatMap(({ values }) => Object.keys(values)))], rows: own };
  });
}

/** Scores to one decimal, counts as they are, and a dash for what was not measured. */
export function formatScore(value: number | undefined): string {
  if (value === undefined) return "–";
  return Number.isInteger(value) ? value.toLocaleString("en") : value.toFixed(1);
}
