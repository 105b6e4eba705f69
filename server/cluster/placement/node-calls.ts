import type { Clock, Release } from "../../../shared/tick/clock.ts";
import type { ClusterBus } from "../bus/cluster-bus.ts";
import type { NodeIncarnation } from "../directory/node-record.ts";
import type { SeatAnswer, SeatQuestion } from "./seat-question.ts";

export interface NodeCallsParts {
  readonly bus: ClusterBus;
  readonly clock: Clock;
  /** This node's name, and the epoch that it has now. */
  readonly self: { readonly id: string; readonly epoch: number };
  /** Different for each process, whatever its node is called. */
  readonly inbox: string;
  readonly answer: (question: SeatQuestion) => Promise<SeatAnswer>;
  readonly onError: (error: unknown) => void;
}

type Message =
  | {
      readonly kind: "ask";
      readonly id: number;
      readonly from: string;
      readonly epoch: number;
      readonly question: SeatQuestion;
    }
  | { readonly kind: "answer"; readonly id: number; readonly answer: SeatAnswer };

/** Nobody answered in time, or nobody can be asked. Whether a seat is kept is left open; if so, its time ends. */
export type Unanswered = "unanswered";

/**
 * Questions from node to node over the cluster bus, each with an answer or a deadline.
 *
 * Over the bus and not over HTTP, because then nodes need no way to one another, no certificate and no secret besides what
 * they have: who may write to Redis could take every room anyhow. A question names the incarnation that it is for, and no
 * other answers it.
 */
export class NodeCalls {
  readonly #parts: NodeCallsParts;
  readonly #releases: readonly Release[];
  readonly #waiting = new Map<number, (answer: SeatAnswer) => void>();
  /** Questions are heard from when this has resolved. */
  readonly ready: Promise<void>;
  #lastId = 0;

  constructor(parts: NodeCallsParts) {
    this.#parts = parts;
    const { bus, self, inbox } = parts;
    const heard = [channelOf(self.id), `inbox.${inbox}`].map((channel) =>
      bus.subscribe(channel, (text) => this.#received(text)),
    );
    this.ready = Promise.all(heard.map(({ ready }) => ready)).then(() => {});
    this.#releases = heard.map(({ release }) => release);
  }

  ask(to: NodeIncarnation, question: SeatQuestion, withinMs: number): Promise<SeatAnswer | Unanswered> {
    const { bus, clock, inbox } = this.#parts;
    const id = ++this.#lastId;
    const message: Message = { kind: "ask", id, from: inbox, epoch: to.epoch, question };
    return new Promise((resolve) => {
      const stop = clock.after(withinMs, () => {
        this.#waiting.delete(id);
        resolve("unanswered");
      });
      const settle = (answer: SeatAnswer | Unanswered): void => {
        stop();
        this.#waiting.delete(id);
        resolve(answer);
      };
      this.#waiting.set(id, settle);
      if (bus.publish(channelOf(to.node), JSON.stringify(message)) === "dropped") settle("unanswered");
    });
  }

  release(): void {
    for (const release of this.#releases) release();
  }

  #received(text: string): void {
    const message = JSON.parse(text) as Message;
    if (message.kind === "answer") this.#waiting.get(message.id)?.(message.answer);
    else if (message.epoch === this.#parts.self.epoch) void this.#reply(message);
  }

  async #reply({ id, from, question }: Extract<Message, { kind: "ask" }>): Promise<void> {
    try {
      const answer = await this.#parts.answer(question);
      const reply: Message = { kind: "answer", id, answer };
      this.#parts.bus.publish(`inbox.${from}`, JSON.stringify(reply));
    } catch (error) {
      this.#parts.onError(error);
    }
  }
}

const channelOf = (node: string): string => `node.${node}`;
