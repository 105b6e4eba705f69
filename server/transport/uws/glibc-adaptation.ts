/**
 * Lets a shared library that was linked against glibc 2.38 load on glibc 2.36.
 *
 * glibc 2.38 gave `sscanf`, `strtol` and `strtoul` second names for C23, `__isoc23_sscanf` and so on, which
 * accept `0b` literals and differ in nothing else. A library that was merely compiled there asks for these
 * names, and so for version GLIBC_2.38, though the old functions would serve it as well. The edit:
 *
 * 1. `.dynsym`: each symbol of version GLIBC_2.38 gets its name 9 bytes later in the string table, because
 *    "__isoc23_" is nine characters long and what follows it is the old name;
 * 2. `.gnu.version`: that symbol's version becomes the oldest one of libc.so.6 that the library already names;
 * 3. `.gnu.version_r`: the entry GLIBC_2.38 becomes weak, so that the loader accepts its absence.
 *
 * Nothing moves and no code changes. Layouts: System V ABI, and "Symbol Versioning" of the Linux Standard Base.
 */

const NEW_VERSION = "GLIBC_2.38";
const NEW_PREFIX = "__isoc23_";
const EXCHANGEABLE = new Set(["sscanf", "strtol", "strtoul"]);

/** `e_machine` → the first glibc of that architecture: the version of everything that never changed. */
const OLDEST_VERSION: ReadonlyMap<number, string> = new Map([
  [62, "GLIBC_2.2.5"],
  [183, "GLIBC_2.17"],
]);

const SECTION_DYNSYM = 11;
const SECTION_VERSYM = 0x6fff_ffff;
const SECTION_VERNEED = 0x6fff_fffe;
const SYMBOL_BYTES = 24;
const FLAG_WEAK = 2;

/** The bytes are not what the edit expects, so nothing was changed. */
export class GlibcAdaptationError extends Error {
  override readonly name = "GlibcAdaptationError";
}

/** A copy of `library` (ELF64, little-endian) that needs glibc 2.38 no more; throws {@link GlibcAdaptationError}. */
export function adaptToOlderGlibc(library: Uint8Array): Uint8Array {
  // Not `slice`: on a Buffer that is a view of the same bytes.
  const adapted = new Uint8Array(library);
  const view = new DataView(adapted.buffer);
  try {
    edit(view);
  } catch (error) {
    if (error instanceof RangeError) throw new GlibcAdaptationError("the file ends early", { cause: error });
    throw error;
  }
  return adapted;
}

function edit(elf: DataView): void {
  const oldest = oldestVersionFor(elf);
  const sections = readSections(elf);
  const symbols = sectionOfType(sections, SECTION_DYNSYM);
  const versions = sectionOfType(sections, SECTION_VERSYM);
  const strings = sections[symbols.link];
  if (strings === undefined) throw new GlibcAdaptationError("the dynamic symbols have no string table");

  const needs = readLibcVersions(elf, sectionOfType(sections, SECTION_VERNEED), strings);
  const fresh = needs.get(NEW_VERSION);
  const old = needs.get(oldest);
  if (fresh === undefined) throw new GlibcAdaptationError(`the library does not ask for ${NEW_VERSION}`);
  if (old === undefined) throw new GlibcAdaptationError(`the library does not name ${oldest}`);

  let renamed = 0;
  for (let index = 0; index < Math.floor(symbols.size / SYMBOL_BYTES); index++) {
    const versionAt = versions.offset + index * 2;
    if (elf.getUint16(versionAt, true) !== fresh.index) continue;
    const nameAt = symbols.offset + index * SYMBOL_BYTES;
    const name = elf.getUint32(nameAt, true);
    requireExchangeable(readText(elf, strings, name));
    elf.setUint32(nameAt, name + NEW_PREFIX.length, true);
    elf.setUint16(versionAt, old.index, true);
    renamed++;
  }
  if (renamed === 0) throw new GlibcAdaptationError(`no symbol has the version ${NEW_VERSION}`);
  elf.setUint16(fresh.flagsAt, elf.getUint16(fresh.flagsAt, true) | FLAG_WEAK, true);
}

function oldestVersionFor(elf: DataView): string {
  const isElf64LittleEndian =
    elf.getUint32(0, false) === 0x7f45_4c46 && elf.getUint8(4) === 2 && elf.getUint8(5) === 1;
  if (!isElf64LittleEndian) throw new GlibcAdaptationError("not a 64-bit little-endian ELF file");
  const machine = elf.getUint16(18, true);
  const oldest = OLDEST_VERSION.get(machine);
  if (oldest === undefined) throw new GlibcAdaptationError(`unknown machine type ${machine}`);
  return oldest;
}

function requireExchangeable(name: string): void {
  if (name.startsWith(NEW_PREFIX) && EXCHANGEABLE.has(name.slice(NEW_PREFIX.length))) return;
  throw new GlibcAdaptationError(`${name} of ${NEW_VERSION} has no older equivalent`);
}

interface Section {
  readonly type: number;
  readonly offset: number;
  readonly size: number;
  /** Index of the section that this one refers to: its string table or its symbols. */
  readonly link: number;
}

function readSections(elf: DataView): Section[] {
  const tableAt = readOffset(elf, 40);
  const entryBytes = elf.getUint16(58, true);
  const count = elf.getUint16(60, true);
  return Array.from({ length: count }, (_, index) => {
    const at = tableAt + index * entryBytes;
    return {
      type: elf.getUint32(at + 4, true),
      offset: readOffset(elf, at + 24),
      size: readOffset(elf, at + 32),
      link: elf.getUint32(at + 40, true),
    };
  });
}

function sectionOfType(sections: readonly Section[], type: number): Section {
  const found = sections.filter((section) => section.type === type);
  const [section] = found;
  if (section !== undefined && found.length === 1) return section;
  throw new GlibcAdaptationError(
    `expected one section of type 0x${type.toString(16)}, found ${found.length}`,
  );
}

interface NeededVersion {
  /** What `.gnu.version` writes for a symbol of this version. */
  readonly index: number;
  /** Where the 16 bits of its flags stand in the file. */
  readonly flagsAt: number;
}

/** The versions that the library asks of libc.so.6; those of libm and others may bear the same names. */
function readLibcVersions(elf: DataView, needed: Section, strings: Section): Map<string, NeededVersion> {
  const versions = new Map<string, NeededVersion>();
  for (const fileAt of chain(elf, needed, needed.offset, 12)) {
    if (readText(elf, strings, elf.getUint32(fileAt + 4, true)) !== "libc.so.6") continue;
    const firstAt = fileAt + elf.getUint32(fileAt + 8, true);
    for (const at of chain(elf, needed, firstAt, 12)) {
      const name = readText(elf, strings, elf.getUint32(at + 8, true));
      versions.set(name, { index: elf.getUint16(at + 6, true), flagsAt: at + 4 });
    }
  }
  return versions;
}

/** Walks entries that each say, `nextField` bytes in, how far on the next one is; 0 ends the walk. */
function* chain(elf: DataView, section: Section, first: number, nextField: number): Generator<number> {
  let at = first;
  for (;;) {
    if (at < section.offset || at + 16 > section.offset + section.size) {
      throw new GlibcAdaptationError("a version entry lies outside its section");
    }
    yield at;
    const step = elf.getUint32(at + nextField, true);
    if (step === 0) return;
    at += step;
  }
}

function readText(elf: DataView, strings: Section, at: number): string {
  let text = "";
  for (let position = at; position < strings.size; position++) {
    const byte = elf.getUint8(strings.offset + position);
    if (byte === 0) return text;
    text += String.fromCharCode(byte);
  }
  throw new GlibcAdaptationError("a name runs past its string table");
}

/** File offsets have 64 bits; one beyond 2^53 is no longer exact, but then it lies outside the file anyhow. */
function readOffset(elf: DataView, at: number): number {
  return Number(elf.getBigUint64(at, true));
}
