import { Complaint } from "../shared/complaint.ts";
import type { Game } from "../shared/definition/game.ts";
import { openRecording } from "../shared/platform/open-recording.ts";
import { RecordingError } from "../shared/recording/block.ts";
import { Recording } from "../shared/recording/recording.ts";
import { type RecordedPlayer, recordedPlayers } from "./recorded-players.ts";

/**
 * Who played in a recording of a game.
 *
 * @throws Complaint where the file is no recording, of another game, of another definition, or nobody played in it
 */
export async function loadRecordedPlayers(path: string, game: Game): Promise<readonly RecordedPlayer[]> {
  const file = await openRecording(path).catch(complain(path));
  try {
    const recording = new Recording(file);
    const { header } = recording;
    if (header.game !== game.spec.name)
      throw new Complaint(
        `${path} is a recording of "${header.game}", and the bots are to play "${game.spec.name}".`,
      );
    if (header.hash !== game.hash)
      throw new Complaint(
        `${path} was recorded with another definition of "${header.game}": its inputs and messages may mean something else by now.`,
      );
    const players = await recordedPlayers(recording);
    if (players.length === 0)
      throw new Complaint(`Nobody plays in ${path}: there is nothing for bots to do.`);
    return players;
  } catch (error) {
    return complain(path)(error);
  } finally {
    await file.close();
  }
}

function complain(path: string): (error: unknown) => never {
  return (error) => {
    if (error instanceof RecordingError) throw new Complaint(`${path} cannot be played: ${error.message}.`);
    if (error instanceof Error && "code" in error && error.code === "ENOENT")
      throw new Complaint(
        `There is no file ${path}: name a recording, as "tickcast start --record" makes them.`,
      );
    throw error;
  };
}
