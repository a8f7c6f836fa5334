/** Draws the icons of the installed app from `app/icon.svg`: `node scripts/make-icons.mjs` after that has changed. */
import { mkdir, readFile } from "node:fs/promises";
import sharp from "sharp";

const GROUND = "#182034";
/** Any shape that a system cuts out leaves the middle four fifths (W3C Web Application Manifest, "safe zone"). */
const SAFE = 0.8;

const svg = await readFile("app/icon.svg");
const draw = (side) => sharp(svg, { density: (72 * side) / 32 }).resize(side, side);

await mkdir("public/icons", { recursive: true });
for (const side of [192, 512]) await draw(side).png({ palette: true }).toFile(`public/icons/${side}.png`);

const inner = Math.round(512 * SAFE);
await sharp({ create: { width: 512, height: 512, channels: 3, background: GROUND } })
  .composite([{ input: await draw(inner).flatten({ background: GROUND }).png().toBuffer() }])
  .png({ palette: true })
  .toFile("public/icons/maskable-512.png");

// Apple's systems round the corners themselves.
await draw(180).flatten({ background: GROUND }).png({ palette: true }).toFile("app/apple-icon.png");
