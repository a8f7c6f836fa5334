import "@fontsource-variable/newsreader/opsz.css";
import "@fontsource-variable/newsreader/wght-italic.css";
import "@fontsource-variable/instrument-sans/wght.css";
import "./globals.css";
import type { Metadata, Viewport } from "next";
import { ThemeProvider } from "next-themes";
import type { ReactNode } from "react";
import { SiteFooter } from "@/lib/ui/site-footer";
import { SiteHeader } from "@/lib/ui/site-header";

export const metadata: Metadata = {
  title: { default: "Inkling", template: "%s · Inkling" },
  description:
    "Small recurrent networks that caption photos and answer questions about them, on the server or in the browser, and show where they looked.",
};

export const viewport: Viewport = {
  themeColor: [
    { media: "(prefers-color-scheme: light)", color: "#faf6ec" },
    { media: "(prefers-color-scheme: dark)", color: "#121826" },
  ],
};

export default function RootLayout({ children }: { children: ReactNode }) {
  return (
    // The theme's script sets a class on <html> before React takes over.
    <html lang="en" suppressHydrationWarning>
      <body className="flex flex-col antialiased">
        <ThemeProvider attribute="class" defaultTheme="system" storageKey="inkling.theme">
          <a
            href="#main"
            className="sr-only bg-ink px-4 py-2 text-paper focus:not-sr-only focus:fixed focus:top-3 focus:left-3 focus:z-50"
          >
            Skip to the content
          </a>
          <SiteHeader />
          <main id="main" className="flex-1 px-gutter pb-20">
            {children}
          </main>
          <SiteFooter />
        </ThemeProvider>
      </body>
    </html>
  );
}
