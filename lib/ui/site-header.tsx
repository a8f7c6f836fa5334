import Link from "next/link";
import { PAGES } from "./pages";
import { ThemeToggle } from "./theme-toggle";

export function SiteHeader() {
  return (
    <header className="px-gutter py-5 print:hidden">
      <div className="page-width flex flex-wrap items-center gap-x-3.5 gap-y-2 sm:gap-x-6">
        <Link href="/" prefetch={false} className="mr-auto font-serif text-2xl tracking-tight">
          Inkling
        </Link>
        <nav
          aria-label="Main"
          className="order-last flex w-full flex-wrap gap-x-3.5 text-note sm:order-none sm:w-auto sm:gap-x-5 sm:text-sm"
        >
          {PAGES.filter(({ inMenu }) => inMenu).map(({ path, title }) => (
            <Link key={path} href={path} prefetch={false} className="underlined py-1 decoration-transparent">
              {title}
            </Link>
          ))}
        </nav>
        <ThemeToggle />
      </div>
    </header>
  );
}
