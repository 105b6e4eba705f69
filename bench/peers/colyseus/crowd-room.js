/**
 * The crowd scenario in Colyseus 0.18, as its documentation has it for what is near: fields tagged with `view()`,
 * a StateView for each client, and `view.add` and `view.remove` as players come near and go. Who is near is found
 * by a grid, so that only those who cross a border cost anything: the same cells as in Tickcast's room, and the
 * same nine of them.
 */
import { Room } from "@colyseus/core";
import { Encoder, StateView, schema, t } from "@colyseus/schema";
import { crowdPlay } from "../../../dist/bench/peers/serve-peer.js";

const { width, cellSize, border, walkOf, goOn, placeOf } = crowdPlay;

// A thousand views need 340 KB a tick. It would grow by itself, with a warning for each 16 KB.
Encoder.BUFFER_SIZE = 1024 * 1024;

const Player = schema(
  {
    number: t.uint16(),
    x: t.quantized({ min: 0, max: width }),
    y: t.quantized({ min: 0, max: width }),
    heading: t.angle(),
  },
  "Player",
);

// The tick stands at the beginning of every patch, where a lean client finds it.
const CrowdState = schema({ tick: t.uint32(), players: t.map(Player).view() }, "CrowdState");

export function crowdRoom(host) {
  return class CrowdRoom extends Room {
    maxClients = host.spec.clients;
    autoDispose = false;
    state = new CrowdState();
    /** By session. */
    playing = new Map();
    grid = new Grid();
    messages = {
      steer: (client, heading) => {
        const player = this.playing.get(client.sessionId);
        if (player !== undefined) player.heading = (heading / 256) * 2 * Math.PI;
      },
    };

    onCreate() {
      this.patchRate = null;
      const dt = host.periodMs / 1000;
      host.runTicks((tick) => {
        const began = host.now();
        this.state.tick = tick;
        for (const player of this.playing.values()) {
          if (player.heading === undefined) continue;
          goOn(player.walk, player.heading, dt);
          Object.assign(player.row, placeOf(player.walk));
          player.row.heading = player.heading;
        }
        const stepped = host.now();
        for (const player of this.playing.values()) this.grid.move(player);
        const compared = host.now();
        this.broadcastPatch();
        return {
          stepMs: stepped - began,
          commitMs: compared - stepped,
          publishMs: host.now() - compared,
        };
      });
    }

    onJoin(client, { number }) {
      client.view = new StateView();
      const walk = walkOf(number, host.spec.layout);
      const row = new Player().assign({ number, ...placeOf(walk), heading: 0 });
      this.state.players.set(client.sessionId, row);
      const player = { view: client.view, walk, row, heading: undefined, cell: undefined };
      this.playing.set(client.sessionId, player);
      this.grid.move(player);
      client.sendBytes("welcome", host.welcome());
    }

    onLeave(client) {
      const player = this.playing.get(client.sessionId);
      if (player === undefined) return;
      this.playing.delete(client.sessionId);
      this.state.players.delete(client.sessionId);
      player.cell.players.delete(player);
      for (const cell of around(this.grid, player.cell)) cell.watchers.delete(player);
      player.view.dispose();
    }
  };
}

/** Square cells: who is in each, and who sees it. A player leaves a cell only beyond its border. */
class Grid {
  #cells = new Map();

  at(column, row) {
    const key = `${column} ${row}`;
    let cell = this.#cells.get(key);
    if (cell === undefined) {
      cell = { column, row, players: new Set(), watchers: new Set() };
      this.#cells.set(key, cell);
    }
    return cell;
  }

  /** Where a player who crossed a border is seen no more, where they come into sight, and what they see now. */
  move(player) {
    const { cell: before, row } = player;
    const column = place(row.x, before?.column);
    const line = place(row.y, before?.row);
    if (before !== undefined && before.column === column && before.row === line) return;
    const cell = this.at(column, line);
    player.cell = cell;
    before?.players.delete(player);
    cell.players.add(player);
    for (const watcher of before?.watchers ?? []) if (!cell.watchers.has(watcher)) watcher.view.remove(row);
    for (const watcher of cell.watchers) if (!before?.watchers.has(watcher)) watcher.view.add(row);

    const seen = around(this, cell);
    const saw = before === undefined ? [] : around(this, before);
    for (const left of saw) {
      if (seen.includes(left)) continue;
      left.watchers.delete(player);
      for (const other of left.players) player.view.remove(other.row);
    }
    for (const entered of seen) {
      if (saw.includes(entered)) continue;
      entered.watchers.add(player);
      for (const other of entered.players) player.view.add(other.row);
    }
  }
}

function around(grid, { column, row }) {
  return [-1, 0, 1].flatMap((dx) => [-1, 0, 1].map((dy) => grid.at(column + dx, row + dy)));
}

function place(at, before) {
  const within = at / cellSize;
  if (before !== undefined && within >= before - border && within < before + 1 + border) return before;
  return Math.floor(within);
}
