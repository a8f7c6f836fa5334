import type { ButtonHTMLAttributes } from "react";

const LOOKS = {
  /** The one thing to do here. */
  main: "bg-ink px-5 py-2.5 text-paper hover:bg-ink/88 disabled:bg-ink/45",
  /** Another thing to do. */
  line: "border border-ink/35 px-4 py-2 hover:border-ink disabled:opacity-50",
  /** A word in a line of text. */
  text: "underlined py-1 text-ink-soft hover:text-ink disabled:opacity-50",
} as const;

export function buttonClass(look: keyof typeof LOOKS): string {
  return `inline-flex items-center justify-center gap-2 rounded-[3px] text-sm motion-safe:transition-colors ${LOOKS[look]}`;
}

export function Button({
  look = "line",
  className = "",
  ...props
}: ButtonHTMLAttributes<HTMLButtonElement> & { look?: keyof typeof LOOKS }) {
  return <button type="button" {...props} className={`${buttonClass(look)} ${className}`} />;
}
