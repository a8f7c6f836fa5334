import "@fontsource-variable/newsreader/opsz.css";
import "@fontsource-variable/newsreader/wght-italic.css";
import "@fontsource-variable/instrument-sans/wght.css";
import "./globals.css";
import type { Metadata, Viewport } from "next";
import { ThemeProvider } from "next-themes";
import type { ReactNode } from "react";
import { env } from "@/lib/env";
import { SiteFooter } from "@/lib/ui/site-footer";
import { SiteHeader } from "@/lib/ui/site-header";
import { UpdatePrompt } from "@/lib/ui/update-prompt";

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
    <html lang="en" data-version={process.env.INKLING_VERSION} suppressHydrationWarning>
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
