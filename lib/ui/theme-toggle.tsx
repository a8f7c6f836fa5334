"use client";

import { Monitor, Moon, Sun } from "lucide-react";
import { useTheme } from "next-themes";
import { useHydrated } from "./use-hydrated";

const THEMES = [
  { name: "light", label: "Light", Icon: Sun, next: "dark" },
  { name: "dark", label: "Dark", Icon: Moon, next: "system" },
  { name: "system", label: "As the system", Icon: Monitor, next: "light" },
] as const;

/** Goes round light, dark and the system's choice; the choice is remembered on the device. */
export function ThemeToggle() {
  const { theme, setTheme } = useTheme();
  // The server does not know the visitor's choice: until the page is hydrated the button shows the default.
  const hydrated = useHydrated();
  const current = THEMES.find(({ name }) => hydrated && name === theme) ?? THEMES[2];
  return (
    <button
      type="button"
      onClick={() => setTheme(current.next)}
      aria-label={`Theme: ${current.label}. Change it`}
      title={`Theme: ${current.label}`}
      className="-m-2 p-2 text-ink-soft hover:text-ink"
    >
      <current.Icon aria-hidden size={18} strokeWidth={1.5} />
    </button>
  );
}
