import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import { adaptToOlderGlibc, GlibcAdaptationError } from "./glibc-adaptation.ts";
import { ADAPTED_SHA256 } from "./known-binaries.ts";

const folder = dirname(createRequire(import.meta.url).resolve("uWebSockets.js"));
const binaries = readdirSync(folder).filter((file) => /^uws_linux_.*\.node$/.test(file));
const sha256 = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");
const read = (file: string) => new Uint8Array(readFileSync(join(folder, file)));

describe("glibc adaptation", () => {
  test("[UWS-1] the table knows every Linux binary of the installed package", () => {
    expect(binaries).toHaveLength(8);
    expect(binaries.map((file) => sha256(read(file))).sort()).toEqual([...ADAPTED_SHA256.keys()].sort());
  });

  test.each(binaries)("[UWS-1] %s adapts to what the table says, and the input stays as it was", (file) => {
    const original = readFileSync(join(folder, file));
    const hash = sha256(original);
    const adapted = adaptToOlderGlibc(original);
    expect(sha256(adapted)).toBe(ADAPTED_SHA256.get(hash));
    expect(sha256(original)).toBe(hash);
  });

  describe("[UWS-2] what is not as expected is refused", () => {
    const binary = read("uws_linux_x64_115.node");

    function changed(change: (bytes: Uint8Array, view: DataView) => void): Uint8Array {
      const bytes = new Uint8Array(binary);
      change(bytes, new DataView(bytes.buffer));
      return bytes;
    }

    /** Overwrites every occurrence of an ASCII text with another of the same length. */
    function replaced(text: string, by: string): Uint8Array {
      return changed((bytes) => {
        const buffer = Buffer.from(bytes.buffer);
        for (let at = buffer.indexOf(text); at >= 0; at = buffer.indexOf(text, at + 1)) buffer.write(by, at);
      });
    }

    test.each([0, 3, 64, 1_000, 200_000, 1_000_000, binary.length - 64])(
      "a file cut to %i bytes",
      (length) => {
        expect(() => adaptToOlderGlibc(binary.subarray(0, length))).toThrow(GlibcAdaptationError);
      },
    );

    test.each<[name: string, message: string, bytes: Uint8Array]>([
      ["no ELF file", "not a 64-bit", new TextEncoder().encode("#!/bin/sh\n".repeat(100))],
      ["a 32-bit file", "not a 64-bit", changed((bytes) => bytes.set([1], 4))],
      ["a big-endian file", "not a 64-bit", changed((bytes) => bytes.set([2], 5))],
      ["another machine", "machine type 243", changed((_, view) => view.setUint16(18, 243, true))],
      ["no sections", "found 0", changed((_, view) => view.setUint16(60, 0, true))],
      ["a library that is adapted already", "no symbol", adaptToOlderGlibc(binary)],
      ["no GLIBC_2.38", "does not ask for", replaced("GLIBC_2.38\0", "GLIBC_2.39\0")],
      ["no oldest version", "does not name", replaced("GLIBC_2.2.5\0", "GLIBC_2.2.6\0")],
      [
        "a new symbol that has no old name",
        "no older equivalent",
        replaced("__isoc23_sscanf", "__isoc23_scanff"),
      ],
      ["names of another libc", "does not ask for", replaced("libc.so.6\0", "libk.so.6\0")],
    ])("%s", (_, message, bytes) => {
      const adapt = () => adaptToOlderGlibc(bytes);
      expect(adapt).toThrow(GlibcAdaptationError);
      expect(adapt).toThrow(message);
    });

    test("sections whose offsets lead outside the file", () => {
      const tableAt = Number(new DataView(binary.buffer).getBigUint64(40, true));
      for (let section = 1; section <= 6; section++) {
        const bytes = changed((_, view) => view.setBigUint64(tableAt + section * 64 + 24, 2n ** 62n, true));
        const needed = section >= 3;
        if (needed) expect(() => adaptToOlderGlibc(bytes)).toThrow(GlibcAdaptationError);
        else expect(adaptToOlderGlibc(bytes)).toHaveLength(binary.length);
      }
    });
  });
});
