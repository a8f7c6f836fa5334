const UNITS = [
  { name: "d", ms: 86_400_000 },
  { name: "h", ms: 3_600_000 },
  { name: "min", ms: 60_000 },
  { name: "s", ms: 1000 },
] as const;

/** A duration in its two largest units: "3 d 4 h", "2 min 5 s", "8 s". */
export function formatUptime(milliseconds: number): string {
  const first = UNITS.findIndex(({ ms }) => milliseconds >= ms);
  if (first < 0) return "0 s";
  let rest = milliseconds;
  return UNITS.slice(first, first + 2)
    .flatMap(({ name, ms }) => {
      const count = Math.floor(rest / ms);
      rest -= count * ms;
      return count > 0 ? `${count} ${name}` : [];
    })
    .join(" ");
}
