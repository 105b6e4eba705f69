import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join, relative, sep } from "node:path";
import { lookup } from "mrmime";

/** The page's folder is not there or has no `index.html`; `message` says what to do. */
export class MissingPagesError extends Error {
  override readonly name = "MissingPagesError";
}

interface Page {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly type: string;
  readonly etag: string;
  readonly cacheControl: string;
}

/** Build tools put a hash into the names of these: such a file never changes. */
const HASHED = /[-.][A-Za-z0-9_-]{8,}\.[a-z0-9]+$/;

/**
 * Static pages, read once and served from memory: URL prefix → folder. Hashed assets are cached for a year,
 * everything else is revalidated by its entity tag.
 */
export class Pages {
  readonly #folders: ReadonlyMap<string, string>;
  readonly #reading: "once" | "each-time";
  #pages: ReadonlyMap<string, Page>;

  /**
   * @param reading `each-time` for development, where a build may replace files under a running server
   * @throws MissingPagesError
   */
  constructor(folders: Readonly<Record<string, string>>, reading: "once" | "each-time") {
    this.#folders = new Map(
      Object.entries(folders).map(([prefix, folder]) => [
        prefix.endsWith("/") ? prefix : `${prefix}/`,
        folder,
      ]),
    );
    for (const [prefix, folder] of this.#folders)
      if (!existsSync(join(folder, "index.html")))
        throw new MissingPagesError(
          `The page for ${prefix} is not built (there is no index.html in ${relative(".", folder) || folder}): run "npm run build".`,
        );
    this.#reading = reading;
    this.#pages = this.#readAll();
  }

  /** The answer for a path, or `undefined` where there is no such page. */
  respond(request: Request, url: URL): Response | undefined {
    if (request.method !== "GET" && request.method !== "HEAD") return undefined;
    if (this.#reading === "each-time") this.#pages = this.#readAll();
    const path = decodePath(url.pathname);
    const page = this.#pages.get(path);
    if (page === undefined) return this.#withSlash(path, url);
    const headers = {
      "content-type": page.type,
      "cache-control": page.cacheControl,
      etag: page.etag,
      "x-content-type-options": "nosniff",
    };
    if (request.headers.get("if-none-match") === page.etag)
      return new Response(null, { status: 304, headers });
    return new Response(page.bytes, { headers });
  }

  /** `/echo` means `/echo/`: without the slash its relative links would lead elsewhere. */
  #withSlash(path: string, url: URL): Response | undefined {
    if (!this.#pages.has(`${path}/`)) return undefined;
    return new Response(null, { status: 308, headers: { location: `${path}/${url.search}` } });
  }

  #readAll(): ReadonlyMap<string, Page> {
    const pages = new Map<string, Page>();
    for (const [prefix, folder] of this.#folders) {
      for (const name of readdirSync(folder, { recursive: true, encoding: "utf8" })) {
        const file = join(folder, name);
        if (!statSync(file).isFile()) continue;
        const page = readPage(file);
        const path = prefix + name.split(sep).join("/");
        pages.set(path, page);
        if (path.endsWith("/index.html")) pages.set(path.slice(0, -"index.html".length), page);
      }
    }
    return pages;
  }
}

function readPage(file: string): Page {
  const bytes = new Uint8Array(readFileSync(file));
  const type = lookup(file) ?? "application/octet-stream";
  return {
    bytes,
    type: type.startsWith("text/") ? `${type}; charset=utf-8` : type,
    etag: `"${createHash("sha256").update(bytes).digest("base64url").slice(0, 22)}"`,
    cacheControl: HASHED.test(file) ? "public, max-age=31536000, immutable" : "no-cache",
  };
}

function decodePath(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
