import type { CloseName } from "../../../shared/protocol/close-codes.ts";
import type { Clock } from "../../../shared/tick/clock.ts";
import type { Matchmaker, NoRoom } from "../../matchmaking/matchmaker.ts";
import { UNAVAILABLE } from "../directory/answer.ts";
import type { Directory } from "../directory/directory.ts";
import type { NodeRecord } from "../directory/node-record.ts";
import type { Json, RoomRecord } from "../directory/room-record.ts";
import type { ClusterNode } from "../node/index.ts";
import type { NodeCalls } from "./node-calls.ts";
import type { SeatKeeper } from "./seat-keeper.ts";
import type { KeptSeat, SeatAnswer, SeatQuestion } from "./seat-question.ts";

export interface PlacementParts {
  readonly node: ClusterNode;
  readonly directory: Directory;
  readonly matchmaker: Matchmaker;
  readonly keeper: SeatKeeper;
  readonly calls: NodeCalls;
  readonly clock: Clock;
  /** Names a new room, or a hold. */
  readonly id: () => string;
}

/** Somebody who looks for a seat in the cluster. */
export interface SeatSearch {
  readonly game: string;
  /** Absent: any room that fits. */
  readonly roomId: string | undefined;
  readonly options: Readonly<Record<string, string>>;
  readonly presented: string | undefined;
  /** Asked before a search that may make a room. */
  readonly mayMakeRoom: () => boolean;
  /** A room was made for this one. */
  readonly madeRoom: () => void;
}

/** A seat, and where. `url` is the owner's; absent: this node's own. */
export interface PlacedSeat {
  readonly room: string;
  readonly url: string | undefined;
  /** Which life of which other node it is. Players hand it back where they cannot reach it. */
  readonly owner?: string;
  readonly seat: KeptSeat | undefined;
}

/** A room that is there, or about to be, and its owner. */
interface FoundRoom {
  readonly node: Pick<NodeRecord, "id" | "epoch" | "url">;
  readonly state: RoomRecord["state"];
}

/** How often a search goes on behind a room that had no seat after all. The directory takes 16 at most. */
const MOST_ATTEMPTS = 8;

/** All of it, so that a player is answered before the SDK gives up. */
const SEARCH_MS = 8_000;

/** An owner that does not answer is dead, or as good as that. */
const ANSWER_MS = 1_500;

/** With the room's `load`. */
const MAKE_MS = 7_000;

/** So long behind a loss of everything the other nodes have made their rooms known again, too. */
const LEARNING_MS = 5_000;

const LOST_CLUSTER = "This server has lost its cluster for the moment. Ask again, or ask another one.";
const NO_ANSWER = "The room's server does not answer. Ask again in a moment.";
const NO_NODE = "No server of the cluster has room for another room. Ask again in a moment.";
const TOO_MANY = "Too many rooms were made from this address. Wait a minute, or join one of them.";

/** Refusals that another room may not give. */
const elsewhere: ReadonlySet<CloseName> = new Set<CloseName>([
  "room-full",
  "room-locked",
  "room-closed",
  "room-moved",
  "no-such-room",
  "server-stopping",
  "server-busy",
]);

/** Finds seats in rooms of the whole cluster: asks the directory where, and the owner for the seat. */
export class Placement {
  readonly #parts: PlacementParts;
  #learnsUntil = Number.NEGATIVE_INFINITY;

  constructor(parts: PlacementParts) {
    this.#parts = parts;
    parts.node.onState(({ state }, from) => {
      if (state === "member" && from.state === "cut-off") this.#learnsUntil = parts.clock.now() + LEARNING_MS;
    });
  }

  place(search: SeatSearch): Promise<PlacedSeat | NoRoom> {
    const { node } = this.#parts;
    if (node.lease === undefined) return Promise.resolve({ refused: "server-busy", message: LOST_CLUSTER });
    return search.roomId === undefined ? this.#search(search) : this.#byId(search, search.roomId);
  }

  /** Where a room is, for players who have a seat there. No seat is kept. */
  async find(game: string, roomId: string): Promise<PlacedSeat | NoRoom> {
    const found = await this.#known(game, roomId);
    if ("refused" in found)
      // Who has a seat there is not to give it up.
      return found.refused === "no-such-room" && (await this.#isLearning())
        ? { refused: "room-restarting" }
        : found;
    const url = this.#urlOf(found.node);
    const { id, epoch } = found.node;
    return { room: roomId, url, ...(url !== undefined && { owner: `${id}@${epoch}` }), seat: undefined };
  }

  /** Whether the directory lost everything, and rooms may be unknown that are there: it knows this node not, or not for long. */
  async #isLearning(): Promise<boolean> {
    const { node, directory, clock } = this.#parts;
    if (clock.now() < this.#learnsUntil) return true;
    const nodes = await directory.nodes();
    return !(
      nodes.ok && nodes.value.some(({ id, epoch }) => id === node.id && epoch === node.identity.epoch)
    );
  }

  async #search(search: SeatSearch): Promise<PlacedSeat | NoRoom> {
    const { matchmaker, directory, clock, id } = this.#parts;
    const { game, options: given, presented } = search;
    const plan = matchmaker.plan(game, given);
    if ("refused" in plan) return plan;
    if (!search.mayMakeRoom()) return { refused: "rate-limited", message: TOO_MANY };
    const { build, options, ...create } = plan;
    const except: string[] = [];
    const deadline = clock.now() + SEARCH_MS;
    let last: NoRoom = { refused: "server-busy" };
    for (let attempt = 0; attempt < MOST_ATTEMPTS; attempt++) {
      const hold = id();
      const placed = await directory.findOrCreate({
        ...{ game, build, options: options as Json, hold, except },
        create: { ...create, id: id() },
      });
      if (!placed.ok) {
        if (placed.code === "room-exists") continue;
        const message = placed.code === UNAVAILABLE ? LOST_CLUSTER : NO_NODE;
        return { refused: "server-busy", message };
      }
      const { room, node, outcome } = placed.value;
      if (outcome === "create") search.madeRoom();
      const isToBeMade = room.state === "creating";
      const question = {
        game,
        room: room.id,
        hold,
        presented,
        ...(isToBeMade && { make: { options: given } }),
      };
      const answer = await this.#ask(node, question, deadline);
      if (answer.kept) return { room: room.id, url: this.#urlOf(node), seat: answer.seat };
      last = refusalOf(answer);
      // What fails in a new room would fail in the next one, too.
      if (outcome === "create" && answer.refused !== "server-busy" && answer.refused !== "server-stopping")
        return last;
      if (!elsewhere.has(answer.refused) || clock.now() >= deadline) return last;
      except.push(room.id);
    }
    return last;
  }

  async #byId({ game, presented }: SeatSearch, roomId: string): Promise<PlacedSeat | NoRoom> {
    const found = await this.#known(game, roomId);
    if ("refused" in found) return found;
    const deadline = this.#parts.clock.now() + SEARCH_MS;
    const answer = await this.#ask(found.node, { game, room: roomId, presented }, deadline);
    // It was claimed, and whoever did so is about to have it made.
    if (!answer.kept && answer.refused === "no-such-room" && found.state === "creating")
      return { refused: "room-restarting" };
    return answer.kept
      ? { room: roomId, url: this.#urlOf(found.node), seat: answer.seat }
      : refusalOf(answer);
  }

  /** A room that runs, and its owner. One of this node is known here first. */
  async #known(game: string, roomId: string): Promise<FoundRoom | NoRoom> {
    const { matchmaker, directory, node } = this.#parts;
    if (matchmaker.definition(game) === undefined) return matchmaker.notHosted;
    if (matchmaker.rooms.get(roomId)?.name.game === game)
      return { node: { id: node.id, epoch: node.identity.epoch, url: "" }, state: "open" };
    if (!isId(roomId)) return { refused: "no-such-room" };
    const known = await directory.room(roomId);
    if (!known.ok)
      return known.code === UNAVAILABLE
        ? { refused: "server-busy", message: LOST_CLUSTER }
        : { refused: "no-such-room" };
    const { room, node: owner } = known.value;
    if (room.game !== game) return { refused: "no-such-room" };
    return owner === undefined || room.state === "restoring"
      ? { refused: "room-restarting" }
      : { node: owner, state: room.state };
  }

  async #ask(
    { id, epoch }: Pick<NodeRecord, "id" | "epoch">,
    question: SeatQuestion,
    deadline: number,
  ): Promise<SeatAnswer> {
    const { node, keeper, calls, clock } = this.#parts;
    if (id === node.id && epoch === node.identity.epoch) return keeper.keep(question);
    const withinMs = Math.max(0, Math.min(deadline - clock.now(), question.make ? MAKE_MS : ANSWER_MS));
    const answer = await calls.ask({ node: id, epoch }, question, withinMs);
    return answer === "unanswered" ? { kept: false, refused: "server-busy", message: NO_ANSWER } : answer;
  }

  #urlOf({ id, url }: Pick<NodeRecord, "id" | "url">): string | undefined {
    return id === this.#parts.node.id ? undefined : url;
  }
}

const refusalOf = ({ refused, message }: Extract<SeatAnswer, { kept: false }>): NoRoom => ({
  refused,
  ...(message !== undefined && { message }),
});

const isId = (text: string): boolean => /^[A-Za-z0-9._-]{1,64}$/.test(text);
