import type { MetadataRoute } from "next";
import { PAGES } from "@/lib/ui/pages";

/** What makes the app installable (W3C Web Application Manifest). */
export default function manifest(): MetadataRoute.Manifest {
  return {
    id: "/",
    name: "Inkling",
    short_name: "Inkling",
    description: "Small recurrent networks to try: captions, answers and handwriting, on this device as well.",
    start_url: "/",
    scope: "/",
    display: "standalone",
    background_color: "#faf6ec",
    theme_color: "#faf6ec",
    lang: "en",
    categories: ["education", "photo", "utilities"],
    icons: [
      { src: "/icons/192.png", sizes: "192x192", type: "image/png" },
      { src: "/icons/512.png", sizes: "512x512", type: "image/png" },
      { src: "/icons/maskable-512.png", sizes: "512x512", type: "image/png", purpose: "maskable" },
    ],
    shortcuts: PAGES.filter(({ inMenu }) => inMenu).map(({ path, title, description }) => ({
      name: title,
      description,
      url: path,
    })),
  };
}
