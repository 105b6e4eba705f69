import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { MissingPagesError, Pages } from "./pages.ts";

let root = "";

const files = {
  "site/index.html": "<p>home",
  "site/style.css": "p {}",
  "site/assets/index-BxYz12_-.js": "hashed",
  "site/assets/index-BxYz12_-.js.map": "{}",
  "site/assets/space-controller.js": "not hashed, but a long word",
  "site/apple-touch-icon.png": "an icon",
  "site/index-BxYz12_-.js": "hashed, but not among the assets",
  "site/sub/index.html": "<p>sub",
  "site/größe/index.html": "<p>Größe",
  "site/data.unknowntype": "bytes",
  "echo/index.html": "<p>echo",
  "secret.txt": "not served",
};

beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), "tickcast-pages-"));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, name)), { recursive: true });
    writeFileSync(join(root, name), text);
  }
});

afterAll(() => rmSync(root, { recursive: true }));

function pages(reading: "once" | "each-time" = "once") {
  const subject = new Pages({ "/": join(root, "site"), "/echo": join(root, "echo") }, reading);
  return (path: string, init?: RequestInit) => {
    const request = new Request(`http://localhost${path}`, init);
    return subject.respond(request, new URL(request.url));
  };
}

describe("[HTT-10] pages are served from their folders", () => {
  for (const [path, text, type] of [
    ["/", "<p>home", "text/html; charset=utf-8"],
    ["/index.html", "<p>home", "text/html; charset=utf-8"],
    ["/style.css", "p {}", "text/css; charset=utf-8"],
    ["/sub/", "<p>sub", "text/html; charset=utf-8"],
    ["/gr%C3%B6%C3%9Fe/", "<p>Größe", "text/html; charset=utf-8"],
    ["/echo/", "<p>echo", "text/html; charset=utf-8"],
    ["/data.unknowntype", "bytes", "application/octet-stream"],
  ] as const)
    test(`${path} is ${type}`, async () => {
      const response = pages()(path);
      expect(response?.status).toBe(200);
      expect(response?.headers.get("content-type")).toBe(type);
      expect(response?.headers.get("x-content-type-options")).toBe("nosniff");
      expect(await response?.text()).toBe(text);
    });

  for (const path of [
    "/nowhere",
    "/secret.txt",
    "/../secret.txt",
    "/%2e%2e/secret.txt",
    "/..%2fsecret.txt",
    "/sub/..%2f..%2fsecret.txt",
    "/echo/..%2f..%2fsecret.txt",
    "/..%5csecret.txt",
    "/%2e%2e%2f%2e%2e%2fetc/passwd",
    "//etc/passwd",
    "/style.css%00.html",
    "/%zz",
    "/__proto__",
    "/assets",
    "/assets/",
  ])
    test(`there is nothing at ${path}`, () => {
      expect(pages()(path)).toBeUndefined();
    });

  for (const method of ["POST", "PUT", "DELETE", "OPTIONS"])
    test(`${method} is for others`, () => {
      expect(pages()("/", { method })).toBeUndefined();
    });

  test("HEAD has the same headers as GET", () => {
    const get = pages()("/");
    const head = pages()("/", { method: "HEAD" });
    expect(head?.status).toBe(200);
    expect([...(head?.headers ?? [])]).toEqual([...(get?.headers ?? [])]);
  });
});

describe("[HTT-11] caching", () => {
  test("a page is revalidated by its entity tag: 304 without a body where it is the same", async () => {
    const get = pages();
    const etag = get("/")?.headers.get("etag") ?? "";
    expect(etag).toMatch(/^"[\w-]{22}"$/);
    expect(get("/")?.headers.get("cache-control")).toBe("no-cache");
    const same = get("/", { headers: { "if-none-match": etag } });
    expect(same?.status).toBe(304);
    expect(await same?.text()).toBe("");
    expect(same?.headers.get("etag")).toBe(etag);
    expect(get("/", { headers: { "if-none-match": '"other"' } })?.status).toBe(200);
    expect(get("/style.css")?.headers.get("etag")).not.toBe(etag);
  });

  for (const same of ["*", '"other", TAG', "W/TAG", 'W/"other" , W/TAG'])
    test(`if-none-match may be ${same}, as caches on the way make it`, () => {
      const get = pages();
      const etag = get("/")?.headers.get("etag") ?? "";
      expect(get("/", { headers: { "if-none-match": same.replace("TAG", etag) } })?.status).toBe(304);
    });

  test("an asset with a hash in its name is kept for a year", () => {
    expect(pages()("/assets/index-BxYz12_-.js")?.headers.get("cache-control")).toBe(
      "public, max-age=31536000, immutable",
    );
  });

  for (const path of [
    "/assets/space-controller.js",
    "/apple-touch-icon.png",
    "/index-BxYz12_-.js",
    "/assets/index-BxYz12_-.js.map",
  ])
    test(`${path} is no such asset: whoever has it asks again`, () => {
      expect(pages()(path)?.headers.get("cache-control")).toBe("no-cache");
    });
});

describe("[HTT-12] a folder without its slash leads to the one with it", () => {
  for (const [path, location] of [
    ["/echo", "/echo/"],
    ["/sub?a=1&b=2", "/sub/?a=1&b=2"],
    ["/gr%C3%B6%C3%9Fe", "/gr%C3%B6%C3%9Fe/"],
  ] as const)
    test(path, () => {
      const response = pages()(path);
      expect(response?.status).toBe(308);
      expect(response?.headers.get("location")).toBe(location);
    });
});

describe("[HTT-13] pages and their files", () => {
  test("a page that is not built is told in a sentence that says what to do", () => {
    expect(() => new Pages({ "/arena": "no/such/folder" }, "once")).toThrow(
      new MissingPagesError(
        'The page for /arena/ is not built (there is no index.html in no/such/folder): run "npm run build".',
      ),
    );
  });

  test("are read once in production, anew at each request in development", async () => {
    const once = pages("once");
    const each = pages("each-time");
    writeFileSync(join(root, "site/late.txt"), "late");
    expect(once("/late.txt")).toBeUndefined();
    expect(await each("/late.txt")?.text()).toBe("late");
    rmSync(join(root, "site/late.txt"));
    expect(each("/late.txt")).toBeUndefined();
  });

  test("a build that is just writing its folder costs a request nothing but the new files", async () => {
    const each = pages("each-time");
    expect(await each("/echo/")?.text()).toBe("<p>echo");
    rmSync(join(root, "echo"), { recursive: true });
    expect(await each("/echo/")?.text()).toBe("<p>echo");
    mkdirSync(join(root, "echo"));
    writeFileSync(join(root, "echo/index.html"), "<p>new");
    expect(await each("/echo/")?.text()).toBe("<p>new");
  });
});
