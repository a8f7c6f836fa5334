/** Every page of the app: the menu, the command palette, the service worker and the tests take their lists from here. */

export interface SitePage {
  readonly path: string;
  /** As the menu and the palette name it. */
  readonly title: string;
  readonly description: string;
  /** Whether the menu of every page leads there. */
  readonly inMenu?: boolean;
}

export const PAGES: readonly SitePage[] = [
  { path: "/", title: "Inkling", description: "What each network does, on real results" },
  { path: "/captioning", title: "Captioning", description: "A photo becomes a sentence", inMenu: true },
  { path: "/captioning/live", title: "Live", description: "Captions of what a camera sees, as it sees it" },
  { path: "/vqa", title: "Questions", description: "Ask about a photo", inMenu: true },
  { path: "/handwriting", title: "Handwriting", description: "A text written by hand", inMenu: true },
  { path: "/stories", title: "Stories", description: "Tell a story and ask about it", inMenu: true },
  { path: "/translation", title: "Translation", description: "English into Russian", inMenu: true },
  { path: "/language", title: "Language", description: "What comes next, character by character", inMenu: true },
  { path: "/cells", title: "Cells", description: "Step through recurrent cells, and train them", inMenu: true },
  { path: "/models", title: "Models", description: "Data, scores and limits of each model", inMenu: true },
  ...["vision", "live", "captioning", "vqa", "handwriting", "reading", "stories", "translation", "language"].map(
    (name) => ({
      path: `/models/${name}`,
      title: `Model card: ${name}`,
      description: "What it was trained on, and where it fails",
    }),
  ),
  { path: "/status", title: "Status", description: "How the server is, in numbers for people" },
  { path: "/storage", title: "Storage", description: "What this device keeps, and how to remove it" },
];

/** What the service worker answers with where there is no network and it keeps no page of that address. */
export const OFFLINE_PATH = "/offline";
