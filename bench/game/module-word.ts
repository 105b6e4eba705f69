/** The name of the command, which people leave out. */
export const GAME_COMMAND = "game";

/**
 * `tickcast bench ./my-game.js` is `tickcast bench game ./my-game.js`: no scenario is named like a path.
 *
 * @param argv as `process.argv`
 */
export function withGameCommand(argv: readonly string[]): string[] {
  const [node = "", program = "", command, first, ...rest] = argv;
  if (command !== "bench" || first === undefined || !isPath(first)) return [...argv];
  return [node, program, command, GAME_COMMAND, first, ...rest];
}

function isPath(word: string): boolean {
  return !word.startsWith("-") && (/[\\/]/.test(word) || /\.[cm]?[jt]sx?$/.test(word));
}
