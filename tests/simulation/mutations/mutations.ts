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
    find: "      this.#changed = true;\n      onChange();\n",
    replace: "      this.#changed = true;\n      if (this.chosen.size > MAX_GROUPS) onChange();\n",
  },
  {
    says: "released streams stay subscribed",
    file: "server/room/room-publisher.ts",
    find: "    for (const { stream } of change.released) this.#outgoing.unsubscribe(link, this.#topicOf(stream));\n",
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
    says: "a client goes on asking on a line that died silently",
    file: "client/silence-watch.ts",
    find: "else this.#acts.lost();",
    replace: "else this.#lookIn(ASK_AFTER_MS);",
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
    says: "a room that is restored behind a crash goes on with the next tick",
    file: "server/checkpoint/restore-rooms.ts",
    find: "firstTick: image.tick + 1 + unseenTicks,",
    replace: "firstTick: image.tick + 1 + Math.min(0, unseenTicks),",
  },
  {
    says: "a restore takes a checkpoint that the last one wrote for as young as that",
    file: "server/checkpoint/restore-rooms.ts",
    find: 'image.kind === "exact" ? now : savedAt - periodMs(game.spec.tickRate)',
    replace: "now - Math.min(0, savedAt * periodMs(game.spec.tickRate))",
  },
  {
    says: "ids that a life gave which saved nothing but its beginning are given again",
    file: "server/checkpoint/restore-rooms.ts",
    find: "nextIds: nextIdsOf(image),",
    replace: "nextIds: nextIdsOf({ ...image, kind: 'exact' }),",
  },
  {
    says: "a restored room does not say that it goes on",
    file: "server/checkpoint/restore-rooms.ts",
    find: 'if ((await store.save(key, { bytes: going, epoch: past.timeline })) === "saved")',
    replace: "if (going.length > 0)",
  },
  {
    says: "nobody is told of a rollback",
    file: "server/room/resync.ts",
    find: "migration.isUndone ? base : null",
    replace: "migration.isUndone ? null : null",
  },
  {
    says: "replies that may not have arrived are not saved",
    file: "server/room/image/capture-room.ts",
    find: "replies: unheardReplies(seat, unheard),",
    replace: "replies: unheardReplies(seat, unheard).slice(0, 0),",
  },
  {
    says: "any token opens the first seat of a restored room",
    file: "server/room/seats.ts",
    find: "this.#byDigest.get(digestOf(secret))",
    replace: "[...this.#byDigest.values()][digestOf(secret).length - 43]",
  },
  {
    says: "the number of the last call is not saved",
    file: "server/room/image/capture-room.ts",
    find: "sequence: seat.processedSequence,",
    replace: "sequence: 0,",
  },
  {
    says: "the last checkpoint of a room forgets what its players were told",
    file: "server/room/image/capture-room.ts",
    find: 'events: kind === "exact" ? eventsToAll(seats, publisher, tick) : [],',
    replace: 'events: kind === "exact" ? eventsToAll(seats, publisher, tick).slice(0, 0) : [],',
  },
  {
    says: "a room that stopped in order is taken for one that crashed",
    file: "server/room/room-core.ts",
    find: 'handOver?.take(this.image("exact"));',
    replace: 'handOver?.take(this.image("running"));',
  },
  {
    says: "calls that were undone are counted again with the next crash",
    file: "client/call-outbox.ts",
    find: "this.#undone = [...apart, [lastProcessed, end]];",
    replace: "this.#undone = apart.slice(0, 0).concat(lastProcessed > end ? [[lastProcessed, end]] : []);",
  },
  {
    says: "a store takes what an earlier owner of a room writes late",
    file: "server/checkpoint/memory-store.ts",
    find: "checkpoint.epoch ?? epoch) > epoch;",
    replace: "checkpoint.epoch ?? epoch) > Number.POSITIVE_INFINITY;",
  },
  {
    says: "who is away over a restart keeps the seat for a second only",
    file: "server/room/image/restore-room.ts",
    find: "until: room.attendance.awayUntil }",
    replace: "until: Math.min(room.attendance.awayUntil, room.tick + 10) }",
  },
  {
    says: "a room is saved again and again without regard to the interval",
    file: "server/checkpoint/checkpoint-writer.ts",
    find: "    watched.dueAt = began + options.intervalMs;\n",
    replace: "    watched.dueAt = began + options.intervalMs / 2;\n",
  },
  {
    says: "the checkpoint of a room stays when the room has ended in its first tick",
    file: "server/checkpoint/checkpoint-writer.ts",
    find: 'parts.bus.on("roomRestored", ({ room: { id } }) => void this.#known(id)),',
    replace: 'parts.bus.on("roomRestored", ({ room: { id } }) => void id),',
  },
  {
    says: "players who are there are not told of a drain",
    file: "server/drain.ts",
    find: "    room.announceMaintenance(closesInMs);\n",
    replace: "    if (secondsLeft < 0) room.announceMaintenance(closesInMs);\n",
  },
];
