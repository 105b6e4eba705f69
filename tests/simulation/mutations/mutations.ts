/** One change of the source that breaks a promise. */
export interface Mutation {
  /** Where it shows. Default: in either of the others. */
  readonly world?: "cluster";
  /** What is wrong then. */
  readonly says: string;
  readonly file: string;
  /** Occurs exactly once in the file. */
  readonly find: string;
  readonly replace: string;
}

/** Faults as people make them, one for each part that keeps a promise under faults. */
export const mutations: readonly Mutation[] = [
  {
    says: "a field that changed is not remembered, so a delta since an older tick lacks it",
    file: "shared/state/committed-state.ts",
    find: "        changedAt[field] = tick;\n",
    replace: "        if (before === null) changedAt[field] = tick;\n",
  },
  {
    says: "a stream forgets who left it a second too early",
    file: "shared/state/row-stream.ts",
    find: "    this.#leaves.push(tick, { row, to });\n",
    replace: "    this.#leaves.push(tick, { row, to });\n    this.#leaves.forget(tick - 20);\n",
  },
  {
    says: "who leaves a cell is said to be gone for good",
    file: "shared/state/sight-grid.ts",
    find: "cell.stream.leave(row, tick, next.stream.id + 1);",
    replace: "cell.stream.leave(row, tick, LEFT_FOR_GOOD);",
  },
  {
    says: "ids of removed rows and streams do not rest",
    file: "shared/state/resting-ids.ts",
    find: "oldest.freeAt > tick",
    replace: "oldest.freeAt - this.#restTicks > tick",
  },
  {
    says: "whoever crosses a border is not looked at",
    file: "server/room/room-core.ts",
    find: "this.seats.crossed(row)",
    replace: "void row",
  },
  {
    says: "a seat whose groups changed is not looked at",
    file: "server/room/seat-groups.ts",
    find: "    this.#changed = true;\n    this.#onChange();\n",
    replace: "    this.#changed = true;\n    if (this.#names.size > MAX_GROUPS) this.#onChange();\n",
  },
  {
    says: "released streams stay subscribed",
    file: "server/room/room-publisher.ts",
    find: "    for (const { stream } of change.released) link.unsubscribe(this.#topicOf(stream));\n",
    replace: "",
  },
  {
    says: "what happened in a cell that a player enters in this tick is not told",
    file: "server/room/room-publisher.ts",
    find: "      else if (crosses) this.#tellOf(change.entered, change.released, seat);\n",
    replace: "",
  },
  {
    says: "a stalled player goes on getting frames",
    file: "server/room/room-publisher.ts",
    find: "      for (const topic of this.#topicsOf(seat)) link.unsubscribe(topic);\n",
    replace: "",
  },
  {
    says: "an overdue player is never judged again",
    file: "server/room/room-publisher.ts",
    find: "    this.#judgeAt(seat, Math.max(acks.overdueAt, tick + 1));\n",
    replace: "",
  },
  {
    says: "returning players beyond a tick's share are forgotten",
    file: "server/room/room-publisher.ts",
    find: "    for (const seat of returning.slice(resyncsPerTick)) seat.attend();\n",
    replace: "",
  },
  {
    says: "private events of a player who is away are not kept",
    file: "server/room/seat-history.ts",
    find: "    this.#private.push(tick, outbox);\n",
    replace: "    if (outbox.replies.length > 0) this.#private.push(tick, outbox);\n",
  },
  {
    says: "a resync repeats the events of the client's own last tick",
    file: "server/room/event-log.ts",
    find: "this.#streams.get(stream)?.since(after)",
    replace: "this.#streams.get(stream)?.since(after - 1)",
  },
  {
    says: "a client that was away beyond the horizon gets deltas",
    file: "server/room/resync.ts",
    find: "base >= tick - horizonTicks && ",
    replace: "",
  },
  {
    says: "who returns is told of one call less than arrived",
    file: "server/room/resync.ts",
    find: "isKnown ? base : 0, seat.lastSequence]",
    replace: "isKnown ? base : 0, Math.max(0, seat.lastSequence - 1)]",
  },
  {
    says: "the client sends everything again that was not processed, also what arrived",
    file: "client/call-outbox.ts",
    find: "    this.processed(lastArrived);\n",
    replace: "",
  },
  {
    says: "the connection that was replaced is not closed",
    file: "server/room/attendance.ts",
    find: '    previous?.end("replaced");\n',
    replace: "",
  },
  {
    says: "a connection that was given up takes the seat when its hello comes late",
    file: "server/room/attendance.ts",
    find: '    if (base !== undefined && attempt !== undefined && attempt <= seat.attempt) return "replaced";\n',
    replace: "",
  },
  {
    says: "cells are still held for those who left",
    file: "server/room/departures.ts",
    find: "      seat.following.releaseAll();\n",
    replace: "",
  },
  {
    says: "what a keyframe does not name stays in the mirror",
    file: "shared/state/replica.ts",
    find: '    this.#releaseStream(stream, before === "room" || before === "owner");\n',
    replace: "    void before;\n",
  },
  {
    says: "a press that came late acts in every tick from then on",
    file: "server/room/late-inputs.ts",
    find: "    oldest.pressed[index] = false;\n",
    replace: "",
  },
  {
    world: "cluster",
    says: "a node publishes beyond its lease, until a timer tells",
    file: "server/cluster/failover/fence.ts",
    find: 'if (this.#state === "open") return this.#parts.clock.now() < this.#endsAt;',
    replace: 'if (this.#state === "open") return true;',
  },
  {
    world: "cluster",
    says: "rooms go on as soon as there is a lease, whosever they are",
    file: "server/cluster/failover/fence.ts",
    find: "room !== undefined && !node.records.isSettled(id)",
    replace: "room !== undefined && !node.records.isSettled(id) && node.lease === undefined",
  },
  {
    world: "cluster",
    says: "a store takes what a former owner writes late",
    file: "server/checkpoint/memory-store.ts",
    find: "?? epoch) > epoch;",
    replace: "?? epoch) > epoch + 1e15;",
  },
];
