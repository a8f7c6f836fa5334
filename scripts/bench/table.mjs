/** Markdown tables that read well in a terminal too. */

/**
 * @param {readonly string[]} headers
 * @param {readonly (readonly (string | number)[])[]} rows as wide as the headers
 * @returns {string} the first column to the left, the others to the right
 */
export function table(headers, rows) {
  const cells = [headers, ...rows].map((row) => row.map(String));
  const widths = headers.map((_, column) => Math.max(3, ...cells.map((row) => row[column].length)));
  const line = (row) =>
    `| ${row.map((cell, column) => (column === 0 ? cell.padEnd(widths[column]) : cell.padStart(widths[column]))).join(" | ")} |`;
  const rule = widths.map((width, column) => (column === 0 ? "-".repeat(width) : `${"-".repeat(width - 1)}:`));
  return [line(cells[0]), line(rule), ...cells.slice(1).map(line)].join("\n");
}

/** Milliseconds to three digits: "4.13", "52.3", "1,240". */
export function milliseconds(value) {
  const digits = value < 10 ? 2 : value < 100 ? 1 : 0;
  return value.toLocaleString("en-US", { minimumFractionDigits: digits, maximumFractionDigits: digits });
}

/** "2.4×" */
export function ratio(value) {
  return `${value.toFixed(value < 10 ? 2 : 1)}×`;
}

/** "61 %" */
export function percent(value) {
  return `${Math.round(value * 100)} %`;
}

/**
 * @param {string} document that holds two markers for each topic
 * @param {string} topic
 * @param {string} content
 * @returns {string} the document with the content between the topic's markers
 */
export function replaceTables(document, topic, content) {
  const opening = `<!-- npm run bench, ${topic}: start -->`;
  const closing = `<!-- npm run bench, ${topic}: end -->`;
  const start = document.indexOf(opening);
  const end = document.indexOf(closing);
  if (start < 0 || end < start) throw new RangeError(`The document does not hold ${opening} and then ${closing}.`);
  return `${document.slice(0, start + opening.length)}\n\n${content.trim()}\n\n${document.slice(end)}`;
}
