import "@fontsource-variable/newsreader/wght.css";
import "@fontsource-variable/newsreader/wght-italic.css";
import "@fontsource-variable/instrument-sans/wght.css";
import "./globals.css";
import type { Metadata, Viewport } from "next";
import localFont from "next/font/local";
import { ThemeProvider } from "next-themes";
import type { ReactNode } from "react";
import { env } from "@/lib/env";
import { SiteFooter } from "@/lib/ui/site-footer";
import { SiteHeader } from "@/lib/ui/site-header";
import { UpdatePrompt } from "@/lib/ui/update-prompt";

/**
 * Latin letters, which every page shows, once more as `next/font` has them: fetched with the page, and with a local font of the same
 * measures to stand in, so that no line moves when a font arrives. They take the places of the same letters in the families above.
 * The range stands twice, as `next/font` takes literals alone.
 */
const newsreader = localFont({
  src: "../node_modules/@fontsource-variable/newsreader/files/newsreader-latin-wght-normal.woff2",
  weight: "200 800",
  variable: "--font-serif-stand-in",
  adjustFontFallback: "Times New Roman",
  declarations: [
    { prop: "font-family", value: "Newsreader Variable" },
    {
      prop: "unicode-range",
      value:
        "U+0000-00FF, U+0131, U+0152-0153, U+02BB-02BC, U+02C6, U+02DA, U+02DC, U+0304, U+0308, U+0329, U+2000-206F, U+20AC, U+2122, U+2191, U+2193, U+2212, U+2215, U+FEFF, U+FFFD",
    },
  ],
});
const instrumentSans = localFont({
  src: "../node_modules/@fontsource-variable/instrument-sans/files/instrument-sans-latin-wght-normal.woff2",
  weight: "400 700",
  variable: "--font-sans-stand-in",
  declarations: [
    { prop: "font-family", value: "Instrument Sans Variable" },
    {
      prop: "unicode-range",
      value:
        "U+0000-00FF, U+0131, U+0152-0153, U+02BB-02BC, U+02C6, U+02DA, U+02DC, U+0304, U+0308, U+0329, U+2000-206F, U+20AC, U+2122, U+2191, U+2193, U+2212, U+2215, U+FEFF, U+FFFD",
    },
  ],
});

export const metadata: Metadata = {
  metadataBase: new URL(env.SITE_URL),
  title: { default: "Inkling", template: "%s · Inkling" },
  description:
    "Small recurrent networks that caption photos, answer questions about them and write by hand, on the server or in the browser, and show where they looked.",
  applicationName: "Inkling",
  openGraph: { type: "website", siteName: "Inkling" },
  twitter: { card: "summary_large_image" },
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
    <html
      lang="en"
      className={`${newsreader.variable} ${instrumentSans.variable}`}
      data-version={process.env.INKLING_VERSION}
      suppressHydrationWarning
    >
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
          <UpdatePrompt />
        </ThemeProvider>
      </body>
    </html>
  );
}
