import { expect, test } from "vitest";
import { Agenda } from "./agenda.ts";
import type { Seat } from "./seat.ts";

const [ada, grace, hedy] = [{ id: 1 }, { id: 2 }, { id: 3 }] as unknown as [Seat, Seat, Seat];

test("[ROO-46] a seat is visited once in the tick that publishes next, however often it was added", () => {
  const agenda = new Agenda();
  agenda.next(ada);
  agenda.next(grace);
  agenda.next(ada);
  agenda.at(7, ada);
  expect([...agenda.take(7)]).toEqual([ada, grace]);
  expect([...agenda.take(8)]).toEqual([]);
});

test("[ROO-46] what was planned for ticks that were not published is done with the next one that is", () => {
  const agenda = new Agenda();
  agenda.at(5, ada);
  agenda.at(6, grace);
  agenda.at(8, hedy);
  expect([...agenda.take(4)]).toEqual([]);
  expect([...agenda.take(7)]).toEqual([ada, grace]);
  expect([...agenda.take(8)]).toEqual([hedy]);
});

test("[ROO-46] what is added while a tick's seats are visited is for the next", () => {
  const agenda = new Agenda();
  agenda.next(ada);
  for (const seat of agenda.take(1)) agenda.next(seat);
  expect([...agenda.take(2)]).toEqual([ada]);
});
