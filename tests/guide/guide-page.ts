/** What a reader of a page does, in the order of the page. */
export type Step =
  /** A whole file, or the lines of one. `path` stands at the end of the line before the block. */
  | { readonly kind: "file"; readonly path: string; readonly code: string; readonly line: number }
  | { readonly kind: "change"; readonly path: string; readonly code: string; readonly line: number }
  | { readonly kind: "command"; readonly command: string; readonly line: number };

/** What is shown and neither typed nor kept. */
const OUTPUT = "text";

const FENCE = /^```(\w*)$/;
const PATH = /`([\w./-]+\.\w+)`(?:, \w+)*:$/;

/**
 * The steps of a page in Markdown. Every block has to be one: `sh` for commands, `diff` for changes, `text` for what is
 * printed, everything else a file whose path ends the line before it, as in "In `src/room.ts`:".
 *
 * @throws Error that names the line of a block that is none of these
 */
export function stepsOf(markdown: string): readonly Step[] {
  const steps: Step[] = [];
  const lines = markdown.split("\n");
  let at = 0;
  while (at < lines.length) {
    const language = FENCE.exec(lines[at] ?? "")?.[1];
    if (language === undefined) {
      at += 1;
      continue;
    }
    const line = at + 1;
    const end = lines.indexOf("```", at + 1);
    if (end < 0) throw new Error(`line ${line}: the block does not end`);
    const body = lines.slice(at + 1, end);
    if (language === "sh") {
      for (const typed of body) {
        const command = typed.replace(/\s+#.*$/, "").trim();
        if (command !== "") steps.push({ kind: "command", command, line });
      }
    } else if (language !== OUTPUT) {
      const before = lines.slice(0, at).findLast((text) => text.trim() !== "") ?? "";
      const path = PATH.exec(before)?.[1];
      if (path === undefined)
        throw new Error(`line ${line}: the line before the block does not end in a path`);
      const kind = language === "diff" ? "change" : "file";
      steps.push({ kind, path, code: `${body.join("\n")}\n`, line });
    }
    at = end + 1;
  }
  return steps;
}

/**
 * A file after the change that a `diff` block shows. Its hunks are parted by lines of `…`; each has to stand in the
 * file, once, before the next.
 *
 * @throws Error with the lines that are not there
 */
export function changed(file: string, diff: string): string {
  let rest = file;
  let done = "";
  for (const hunk of diff.split(/^\s*…\n/m)) {
    const lines = hunk.split("\n").slice(0, -1);
    const side = (mark: string): string =>
      lines
        .filter((line) => line[0] !== mark)
        .map((line) => `${line.slice(1)}\n`)
        .join("");
    const before = side("+");
    const at = `\n${rest}`.indexOf(`\n${before}`);
    if (before === "" || at < 0) throw new Error(`these lines are not there, in this order:\n${before}`);
    done += rest.slice(0, at) + side("-");
    rest = rest.slice(at + before.length);
  }
  return done + rest;
}
