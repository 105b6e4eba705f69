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

/**
 * Vite puts a hash of eight letters into the names of what it writes to `assets`: such a file never changes. A
 * word of eight letters (`space-tutorial.png`) is none; where a hash looks like one, browsers just ask again.
 */
const HASHED = /\/assets\/.*[-.](?=[^.]+[A-Z]|[^.]*[0-9_])[A-Za-z0-9_-]{8}\.[a-z0-9]+$/;

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
      if (!isBuilt(folder))
        throw new MissingPagesError(
          `The page for ${prefix} is not built (there is no index.html in ${relative(".", folder) || folder}): run "npm run build".`,
        );
    this.#reading = reading;
    this.#pages = this.#readAll();
  }

  /** The answer for a path, or `undefined` where there is no such page. */
  respond(request: Request, url: URL): Response | undefined {
    if (request.method !== "GET" && request.method !== "HEAD") return undefined;
    if (this.#reading === "each-time") this.#readAgain();
    const path = decodePath(url.pathname);
    const page = this.#pages.get(path);
    if (page === undefined) return this.#withSlash(path, url);
    const headers = {
      "content-type": page.type,
      "cache-control": page.cacheControl,
      etag: page.etag,
      "x-content-type-options": "nosniff",
    };
    if (names(request.headers.get("if-none-match"), page.etag))
      return new Response(null, { status: 304, headers });
    return new Response(page.bytes, { headers });
  }

  /** `/echo` means `/echo/`: without the slash its relative links would lead elsewhere. */
  #withSlash(path: string, url: URL): Response | undefined {
    if (!this.#pages.has(`${path}/`)) return undefined;
    return new Response(null, { status: 308, headers: { location: `${url.pathname}/${url.search}` } });
  }

  /** A build may be replacing the files at this moment: then those that were there before stand. */
  #readAgain(): void {
    if (![...this.#folders.values()].every(isBuilt)) return;
    try {
      this.#pages = this.#readAll();
    } catch (error) {
      if (!isGone(error)) throw error;
    }
  }

  #readAll(): ReadonlyMap<string, Page> {
    const pages = new Map<string, Page>();
    for (const [prefix, folder] of this.#folders) {
      for (const name of readdirSync(folder, { recursive: true, encoding: "utf8" })) {
        const file = join(folder, name);
        if (!statSync(file).isFile()) continue;
        const path = prefix + name.split(sep).join("/");
        const page = readPage(file, path);
        pages.set(path, page);
        if (path.endsWith("/index.html")) pages.set(path.slice(0, -"index.html".length), page);
      }
    }
    return pages;
  }
}

function isBuilt(folder: string): boolean {
  return existsSync(join(folder, "index.html"));
}

function isGone(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ENOENT";
}

/** Whether an `If-None-Match` names the tag; caches on the way may have made it a weak one. */
function names(header: string | null, etag: string): boolean {
  const tags = header?.split(",").map((tag) => tag.trim().replace(/^W\//, "")) ?? [];
  return tags.includes(etag) || tags.includes("*");
}

function readPage(file: string, path: string): Page {
  const bytes = new Uint8Array(readFileSync(file));
  const type = lookup(file) ?? "application/octet-stream";
  return {
    bytes,
    type: type.startsWith("text/") ? `${type}; charset=utf-8` : type,
    etag: `"${createHash("sha256").update(bytes).digest("base64url").slice(0, 22)}"`,
    cacheControl: HASHED.test(path) ? "public, max-age=31536000, immutable" : "no-cache",
  };
}

function decodePath(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
