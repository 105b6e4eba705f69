import { connectWith } from "../../client/connect.ts";
import { readServerFrame } from "../../client/server-frame.ts";
import { TickGate } from "../../client/tick-gate.ts";
import { closeCodes } from "../../shared/protocol/close-codes.ts";
import { ROOM_STREAM, ServerFrame } from "../../shared/protocol/frames.ts";
import { type GameLayout, gameLayout } from "../../shared/state/game-layout.ts";
import { Replica, type ReplicaSink } from "../../shared/state/replica.ts";
import { ScriptedServer } from "../client-kit/scripted-server.ts";
import { ManualClock } from "../kit/manual-clock.ts";
import { bytesOf, type PlainState, plain, type Step, type Verdict } from "./vector-format.ts";

const quiet: ReplicaSink = { entered: () => {}, changed: () => {}, left: () => {}, faded: () => {} };

/** What a scenario's ticks come to on the SDK's own replica: nothing but the bytes of the file goes in. */
export function playOnReplica(steps: readonly Step[]): { tick: number; hash: string; state: PlainState }[] {
  let layout: GameLayout | undefined;
  let replica: Replica | undefined;
  let gate: TickGate | undefined;
  const ticks: { tick: number; hash: string; state: PlainState }[] = [];
  for (const step of steps) {
    if ("connection" in step && step.connection === "lost") gate?.discard();
    if (!("server" in step)) continue;
    const frame = readServerFrame(bytesOf(step.hex));
    switch (frame?.[0]) {
      case ServerFrame.definition:
        layout = gameLayout(frame[3]);
        break;
      case ServerFrame.welcome: {
        if (layout === undefined) throw new Error("a welcome before the definition");
        const own = frame[7];
        replica = new Replica(layout, (id) => (id === ROOM_STREAM ? "room" : id === own ? "owner" : "sight"));
        gate = new TickGate(replica, frame[2]);
        break;
      }
      case ServerFrame.keyframe:
        gate?.keyframe(frame);
        break;
      case ServerFrame.delta:
        gate?.delta(frame);
        break;
      case ServerFrame.resumed:
        gate?.resumed(frame[2]);
        break;
      case ServerFrame.tickEnd: {
        if (gate === undefined || replica === undefined) throw new Error("a tick before the welcome");
        const { tick } = gate.close(frame);
        replica.close(quiet);
        replica.sweep(quiet);
        ticks.push({ tick, hash: replica.hash(), state: stateOf(replica) });
        break;
      }
    }
  }
  return ticks;
}

function stateOf(replica: Replica): PlainState {
  const { layout } = replica;
  const lookup = (name: string, id: number) => {
    const table = layout.tableByName.get(name);
    return table && replica.rows(table).has(id) ? { row: id } : undefined;
  };
  return Object.fromEntries(
    layout.tables.map((table) => {
      const rows = [...replica.rows(table).values()].map(
        ({ id, values }): [string, Record<string, unknown>] => [
          `${id}`,
          Object.fromEntries(
            table.fields.flatMap(({ name, codec }, field) => {
              const wire = values[field];
              return wire === undefined ? [] : [[name, plain(codec.restore(wire, lookup))]];
            }),
          ),
        ],
      );
      return [table.name, table.kind === "record" ? (rows[0]?.[1] ?? {}) : Object.fromEntries(rows)];
    }),
  );
}

/** What the whole SDK makes of frames: its verdict, and what it mirrors afterwards. */
export async function playOnClient(
  before: readonly string[],
  frames: readonly string[],
): Promise<{ verdict: Verdict; tick: number; state: PlainState }> {
  const clock = new ManualClock();
  const server = new ScriptedServer();
  const faults: unknown[] = [];
  const { connectGeneric } = connectWith({
    openSocket: server.openSocket,
    clock,
    page: "ws://vectors/",
    report: (error) => void faults.push(error),
  });
  const pending = connectGeneric("/tiny");
  server.accept();
  for (const hex of before) server.sendBytes(bytesOf(hex));
  await clock.run(1);
  const room = await pending;
  for (const hex of frames) if (server.closedBy === undefined) server.sendBytes(bytesOf(hex));
  if (faults.length > 0) throw faults[0];
  const code = server.closedBy?.code;
  const tables = room.game.tables.map(({ name, kind, fields }) => {
    const values = (row: object) =>
      Object.fromEntries(
        fields
          .map((field): [string, unknown] => [field.name, (row as Record<string, unknown>)[field.name]])
          .filter(([, value]) => value !== undefined),
      );
    const held = room.state[name] as unknown;
    if (kind === "record") return [name, values(held as object)];
    return [
      name,
      Object.fromEntries([...(held as Iterable<{ id: number }>)].map((row) => [row.id, values(row)])),
    ];
  });
  const verdict =
    code === undefined ? "taken" : code === closeCodes["bad-frame"].code ? "bad-frame" : verdictOfGap(code);
  return { verdict, tick: room.tick, state: Object.fromEntries(tables) as PlainState };
}

function verdictOfGap(code: number): Verdict {
  if (code !== closeCodes["too-slow"].code) throw new Error(`closed with ${code}`);
  return "gap";
}
