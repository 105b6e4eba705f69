/** The same numbers in the same order. */
export function areSameNumbers(some: readonly number[], others: readonly number[]): boolean {
  return some.length === others.length && some.every((n, at) => n === others[at]);
}
