/**
 * Which server this is, and which of its lives: join tickets name both, and no other accepts them. What a ticket was
 * used for is remembered by that life alone, so that nothing has to be written down.
 */
export interface NodeIdentity {
  /** Different for each server that players can be sent to. */
  readonly id: string;
  /** Higher with each start, so that a server that was started again does not accept tickets of its former life. */
  readonly epoch: number;
}

/** A server that nobody has given a name: its start is its epoch. */
export function lonelyNode(id: string, timeOfDay: () => number): NodeIdentity {
  return { id, epoch: timeOfDay() };
}
