import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { serverFolder, startServer } from "./started.ts";

let place: ReturnType<typeof serverFolder>;

beforeEach(() => {
  place = serverFolder();
});

afterEach(() => place.remove());

/** What an operator reads where the server does not start, if all that is said is this. */
const complaint = (args: readonly string[]): Promise<string> =>
  startServer(place.folder, args).then(
    ({ child }) => {
      child.kill("SIGKILL");
      return "it started";
    },
    (error: Error) => error.message.replace("the server ended: ", ""),
  );

describe("[OPS-53] a folder where nothing can be kept is told before the server listens", () => {
  for (const [flag, setting] of [
    ["--checkpoints", "checkpoints"],
    ["--record", "record"],
  ] as const)
    test(setting, async () => {
      expect(await complaint([flag, "app.mjs"])).toMatch(
        new RegExp(`^tickcast: ${setting} is ".*", where nothing can be kept \\(EEXIST.*may write\\.\\n$`),
      );
    });
});

test("[OPS-54] a misspelt variable is told, and the server starts", async () => {
  const { child, output } = await startServer(place.folder, [], { TICKCAST_ORIGNS: "https://a.example" });
  child.kill("SIGKILL");
  expect(output()).toContain(
    "tickcast: TICKCAST_ORIGNS stands in the environment, but is no setting and changes nothing: see tickcast start --help.\n",
  );
});

test("[OPS-51] a game that is to be recorded and is not served is told with those that are", async () => {
  expect(await complaint(["--record-games", "chess"])).toBe(
    'tickcast: recordGames has "chess", which is no game here; there are counter.\n',
  );
});

describe("[CMD-2] an app that cannot be loaded is told with its file, and how to see where", () => {
  for (const [what, code, said] of [
    ["that cannot be read", "no such syntax", "SyntaxError: Unexpected identifier"],
    ["that imports what is not there", 'import "not-there";', "Error: Cannot find package 'not-there'"],
    ["that throws", 'throw new Error("boom");', "Error: boom\\n +at file:.*app\\.mjs:1:7"],
  ] as const)
    test(`one ${what}`, async () => {
      writeFileSync(join(place.folder, "app.mjs"), code);
      expect(await complaint([])).toMatch(
        new RegExp(`^tickcast: .*app\\.mjs cannot be loaded\\. See where with "node .*app\\.mjs"\\. ${said}`),
      );
    });
});
