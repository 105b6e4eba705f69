/** Whether something is to be awaited: a promise, also of another realm, or what only acts like one, as query builders do. */
export function isThenable(value: unknown): value is PromiseLike<unknown> {
  const couldBe = (typeof value === "object" && value !== null) || typeof value === "function";
  return couldBe && "then" in value && typeof value.then === "function";
}
