/** Who is subscribed to what. Subscribers are visited in the order in which they subscribed. */
export class Topics<Subscriber> {
  readonly #subscribers = new Map<string, Set<Subscriber>>();
  readonly #topics = new Map<Subscriber, Set<string>>();

  /** Topics with a subscriber. */
  get size(): number {
    return this.#subscribers.size;
  }

  of(topic: string): Iterable<Subscriber> {
    return this.#subscribers.get(topic) ?? [];
  }

  add(topic: string, subscriber: Subscriber): void {
    include(this.#subscribers, topic, subscriber);
    include(this.#topics, subscriber, topic);
  }

  remove(topic: string, subscriber: Subscriber): void {
    exclude(this.#subscribers, topic, subscriber);
    exclude(this.#topics, subscriber, topic);
  }

  removeEverywhere(subscriber: Subscriber): void {
    for (const topic of this.#topics.get(subscriber) ?? []) exclude(this.#subscribers, topic, subscriber);
    this.#topics.delete(subscriber);
  }
}

function include<Key, Value>(sets: Map<Key, Set<Value>>, key: Key, value: Value): void {
  const set = sets.get(key);
  if (set === undefined) sets.set(key, new Set([value]));
  else set.add(value);
}

function exclude<Key, Value>(sets: Map<Key, Set<Value>>, key: Key, value: Value): void {
  const set = sets.get(key);
  set?.delete(value);
  if (set?.size === 0) sets.delete(key);
}
