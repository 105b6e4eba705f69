import type { RecordingFile } from "../../shared/platform/open-recording.ts";
import { ArrivalType, RecordType } from "../../shared/recording/format.ts";
import type { Recording } from "../../shared/recording/recording.ts";
import { periodMs } from "../../shared/tick/tick.ts";

/** What `tickcast replay --info` says. */
export interface RecordingSummary {
  readonly game: string;
  readonly room: string;
  readonly startedAt: string;
  readonly writer: string;
  readonly from: "room" | "present";
  readonly end: string;
  readonly seconds: number;
  readonly ticks: number;
  /** Everybody who ever had a seat. */
  readonly players: number;
  readonly mostPlayers: number;
  /** The sum of all stays. */
  readonly playerMinutes: number;
  readonly inputs: number;
  readonly messages: number;
  readonly events: number;
  readonly blocks: number;
  readonly bytes: number;
  readonly rawBytes: number;
  readonly bytesPerPlayerMinute: number | undefined;
  readonly cutOffBytes: number;
}

/** Reads a recording from its beginning to its end. */
export async function summaryOf(recording: Recording, file: RecordingFile): Promise<RecordingSummary> {
  const { header, blocks, epilogue } = recording;
  const present = new Set(header.seats.map(({ player }) => player));
  let [players, mostPlayers, playerTicks, inputs, messages, events, ticks] = [present.size, 0, 0, 0, 0, 0, 0];
  for await (const step of recording.steps()) {
    for (const [type, player] of step[3]) {
      if (type === ArrivalType.join && player !== 0) {
        present.add(player as number);
        players += 1;
      } else if (type === ArrivalType.leave) present.delete(player as number);
      else if (type === ArrivalType.message || type === ArrivalType.request) messages += 1;
    }
    inputs += step[4].length;
    if (step[0] === RecordType.tick) {
      ticks += 1;
      events += step[9].length;
    }
    playerTicks += present.size;
    mostPlayers = Math.max(mostPlayers, present.size);
  }
  const period = periodMs(header.tickRate);
  const playerMinutes = (playerTicks * period) / 60_000;
  return {
    game: header.game,
    room: header.room,
    startedAt: header.startedAt,
    writer: header.writer,
    from: header.from,
    end: epilogue?.end ?? "cut-off",
    seconds: ((recording.lastTick - recording.firstTick) * period) / 1_000,
    ticks,
    players,
    mostPlayers,
    playerMinutes,
    inputs,
    messages,
    events,
    blocks: blocks.length,
    bytes: file.bytes,
    rawBytes: blocks.reduce((sum, { rawBytes }) => sum + rawBytes, 0),
    bytesPerPlayerMinute: playerMinutes > 0 ? file.bytes / playerMinutes : undefined,
    cutOffBytes: file.cutOffBytes,
  };
}

export function summaryInWords(summary: RecordingSummary): string {
  const { bytesPerPlayerMinute: share, cutOffBytes } = summary;
  const count = (value: number): string => Math.round(value).toLocaleString("en");
  const lines: [string, string][] = [
    ["game", `${summary.game}, room ${summary.room}`],
    ["recorded", `${summary.startedAt}, ${summary.writer}`],
    [
      "begins",
      summary.from === "room" ? "with the room" : "in mid-game: it can be watched, and not be verified",
    ],
    [
      "ends",
      summary.end === "cut-off"
        ? `cut off, as by a crash; ${count(cutOffBytes)} bytes of a block are lost`
        : summary.end,
    ],
    ["duration", `${summary.seconds.toFixed(1)} s, ${count(summary.ticks)} ticks`],
    [
      "players",
      `${count(summary.players)}, at most ${count(summary.mostPlayers)} at once, ${summary.playerMinutes.toFixed(1)} minutes of play`,
    ],
    [
      "traffic",
      `${count(summary.inputs)} inputs, ${count(summary.messages)} messages and requests, ${count(summary.events)} events`,
    ],
    [
      "size",
      `${count(summary.bytes)} bytes in ${count(summary.blocks)} blocks, ${(summary.rawBytes / summary.bytes).toFixed(1)} × as much unpacked`,
    ],
    ...(share === undefined ? [] : [["per player", `${count(share)} bytes a minute`] as [string, string]]),
  ];
  return lines.map(([name, value]) => `${name.padEnd(11)} ${value}`).join("\n");
}
