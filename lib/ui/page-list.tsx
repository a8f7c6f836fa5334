import Link from "next/link";
import { PAGES } from "./pages";

/** Where one can go from a page that leads nowhere. */
export function PageList() {
  return (
    <ul className="mt-5 grid gap-y-2">
      {PAGES.filter(({ inMenu }) => inMenu).map(({ path, title, description }) => (
        <li key={path}>
          <Link href={path} prefetch={false} className="underlined">
            {title}
          </Link>{" "}
          <span className="text-ink-soft">{description}.</span>
        </li>
      ))}
    </ul>
  );
}
