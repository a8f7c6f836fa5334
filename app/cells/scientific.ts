/** Numbers of any size, with spaces at which no line breaks. */

/** "3.1 × 10⁻⁹" */
export function scientific(value: number, digits = 2): string {
  if (value === 0 || !Number.isFinite(value)) return formatPlain(value, digits);
  const [mantissa = "", exponent = ""] = value.toExponential(digits - 1).split("e");
  const raised = [...exponent.replace("+", "")].map((sign) => (sign === "-" ? "⁻" : "⁰¹²³⁴⁵⁶⁷⁸⁹"[Number(sign)]));
  return `${mantissa.replace("-", "−")}\u00a0×\u00a010${raised.join("")}`;
}

/** "0.0312", "12.3", "1234" as they are; what is smaller or larger in powers of ten. */
export function formatMeasure(value: number, digits = 3): string {
  const size = Math.abs(value);
  return size === 0 || (size >= 1e-3 && size < 1e4) || !Number.isFinite(value)
    ? formatPlain(value, digits)
    : scientific(value, digits);
}

function formatPlain(value: number, digits: number): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? "–" : value < 0 ? "−∞" : "∞";
  const text = Math.abs(value) >= 10 ** (digits - 1) ? String(Math.round(value)) : value.toPrecision(digits);
  return value === 0 ? "0" : text.replace("-", "−");
}
