import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type AdaptedCopyPlaces, adaptedCopyOf } from "./adapted-copy.ts";
import { ADAPTED_SHA256 } from "./known-binaries.ts";
import { UwsLoadError } from "./uws-load-error.ts";

const packageFolder = dirname(createRequire(import.meta.url).resolve("uWebSockets.js"));
const original = join(packageFolder, "uws_linux_x64_115.node");
const sha256 = (file: string) => createHash("sha256").update(readFileSync(file)).digest("hex");
const wanted = ADAPTED_SHA256.get(sha256(original));

describe("adapted copy", () => {
  let root: string;
  let places: AdaptedCopyPlaces & { readonly cacheFolder: string };
  /** Below a file no folder can be made, by whatever user. */
  let unwritable: string;

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), "adapted-copy-test-"));
    mkdirSync(join(root, "tmp"));
    writeFileSync(join(root, "file"), "");
    unwritable = join(root, "file", "below");
    places = { cacheFolder: join(root, "cache", "deep"), temporaryFolder: join(root, "tmp") };
  });

  afterEach(() => rmSync(root, { recursive: true, force: true }));

  function failure(attempt: () => unknown): UwsLoadError {
    try {
      attempt();
    } catch (error) {
      if (error instanceof UwsLoadError) return error;
      throw error;
    }
    throw new Error("it did not fail");
  }

  test("[UWS-3] it lies in the cache folder, complete and alone", () => {
    const copy = adaptedCopyOf(original, places);
    copy.release();
    expect(dirname(copy.path)).toBe(places.cacheFolder);
    expect(sha256(copy.path)).toBe(wanted);
    expect(readdirSync(places.cacheFolder)).toEqual([basename(copy.path)]);
  });

  test("[UWS-3] an intact one is used again and not written again", () => {
    const first = adaptedCopyOf(original, places);
    const { ino, mtimeMs } = statSync(first.path);
    const second = adaptedCopyOf(original, places);
    expect(second.path).toBe(first.path);
    expect(statSync(second.path)).toMatchObject({ ino, mtimeMs });
  });

  test.each(["", "not a library", "truncated"])("[UWS-3] a corrupt one is replaced: %j", (content) => {
    const { path } = adaptedCopyOf(original, places);
    const bytes = content === "truncated" ? readFileSync(path).subarray(0, 1_000_000) : content;
    rmSync(path);
    writeFileSync(path, bytes);
    expect(adaptedCopyOf(original, places).path).toBe(path);
    expect(sha256(path)).toBe(wanted);
  });

  test("[UWS-4] where the cache cannot be written it lies in a fresh folder until released", () => {
    const copy = adaptedCopyOf(original, { ...places, cacheFolder: unwritable });
    expect(dirname(dirname(copy.path))).toBe(places.temporaryFolder);
    expect(statSync(dirname(copy.path)).mode & 0o077).toBe(0);
    expect(sha256(copy.path)).toBe(wanted);
    copy.release();
    expect(existsSync(copy.path)).toBe(false);
    expect(readdirSync(places.temporaryFolder)).toEqual([]);
  });

  test("[UWS-4] without node_modules around the binary there is no cache folder", () => {
    const copy = adaptedCopyOf(original, { ...places, cacheFolder: undefined });
    expect(dirname(dirname(copy.path))).toBe(places.temporaryFolder);
  });

  test("[UWS-4] where nothing can be written the error names both folders", () => {
    const error = failure(() =>
      adaptedCopyOf(original, { cacheFolder: unwritable, temporaryFolder: unwritable }),
    );
    expect(error.failure).toBe("no-cache-folder");
    expect(error.message).toContain(unwritable);
  });

  test("[UWS-5] a binary that is not in the table is never adapted", () => {
    const unknown = join(root, "uws_linux_x64_115.node");
    const bytes = readFileSync(original);
    bytes[bytes.length - 1] = 1;
    writeFileSync(unknown, bytes);
    const error = failure(() => adaptedCopyOf(unknown, places));
    expect(error.failure).toBe("unknown-binary");
    expect(error.message).toContain("glibc 2.38 or newer");
    expect(existsSync(places.cacheFolder)).toBe(false);
  });

  const ownBinary = join(packageFolder, `uws_linux_${process.arch}_${process.versions.modules}.node`);
  test.runIf(process.platform === "linux" && existsSync(ownBinary))(
    "[UWS-6] a process loads it and serves a request with it",
    () => {
      const copy = adaptedCopyOf(ownBinary, places);
      const program = `
        const uws = require(${JSON.stringify(copy.path)});
        const app = uws.App().get("/*", (response) => void response.end("served"));
        app.listen("127.0.0.1", 0, async (socket) => {
          const port = uws.us_socket_local_port(socket);
          const response = await fetch("http://127.0.0.1:" + port, { headers: { connection: "close" } });
          console.log(await response.text());
          app.close();
        });`;
      expect(execFileSync(process.execPath, ["-e", program], { encoding: "utf8" })).toBe("served\n");
    },
  );
});
