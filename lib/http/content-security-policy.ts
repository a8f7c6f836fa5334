/** Content Security Policies (CSP level 3): what a page may load and run. None of them allows inline scripts as such. */

export interface PagePolicyOptions {
  /** SHA-256, in base64, of each script that stands inline in a prerendered page. */
  readonly scripts: readonly string[];
  /** Base64; a page that is rendered for each request has it on its own scripts. */
  readonly nonce?: string;
  /** The development server compiles in the page, and inserts styles as they change. */
  readonly development?: boolean;
}

type Directives = Readonly<Record<string, readonly string[]>>;

/** What the app needs wherever it runs: in a page, in its worker, in the threads of WebAssembly. */
const BASE: Directives = {
  "default-src": ["'none'"],
  // ONNX Runtime is WebAssembly, and starts its threads from a blob.
  "script-src": ["'self'", "blob:", "'wasm-unsafe-eval'"],
  "style-src": ["'self'"],
  // Widths and aspect ratios that depend on data stand in attributes; elements with styles in them are refused.
  "style-src-attr": ["'unsafe-inline'"],
  "img-src": ["'self'", "blob:", "data:"],
  "font-src": ["'self'"],
  "media-src": ["'self'", "blob:"],
  // A photo's address that a visitor gives is fetched by the browser, from wherever that is.
  "connect-src": ["'self'", "https:", "blob:", "data:"],
  "worker-src": ["'self'", "blob:"],
  "manifest-src": ["'self'"],
  "object-src": ["'none'"],
  "base-uri": ["'none'"],
  "form-action": ["'self'"],
  "frame-ancestors": ["'none'"],
};

/** For scripts, workers, pictures and fonts: a worker has the policy that its own script came with. */
export const FILE_POLICY = format(BASE);

/** For answers of the API: whatever one holds, opened as a page it runs nothing and loads nothing. */
export const API_POLICY = format({ "default-src": ["'none'"], sandbox: [] });

/** For a page. */
export function pagePolicy({ scripts, nonce, development = false }: PagePolicyOptions): string {
  return format({
    ...BASE,
    "script-src": [
      ...(BASE["script-src"] ?? []),
      ...scripts.map((hash) => `'sha256-${hash}'`),
      ...(nonce === undefined ? [] : [`'nonce-${nonce}'`]),
      ...(development ? ["'unsafe-eval'"] : []),
    ],
    ...(development && { "style-src": ["'self'", "'unsafe-inline'"] }),
  });
}

function format(directives: Directives): string {
  return Object.entries(directives)
    .map(([name, sources]) => [name, ...sources].join(" "))
    .join("; ");
}
