import { describe, expect, test } from "vitest";
import { ManualClock } from "../../tests/kit/manual-clock.ts";
import { TicketBook } from "./ticket-book.ts";

const opened = (max = 10) => {
  const clock = new ManualClock();
  const book = new TicketBook({ clock, keepForMs: 20_000, max });
  const released: string[] = [];
  const keep = (id: string) => book.keep(id, () => void released.push(id));
  const use = (id: string) => {
    const used = book.use(id);
    if (typeof used === "string") return used;
    used();
    return "in";
  };
  return { clock, book, released, keep, use };
};

describe("[TKT-3] a ticket counts once, and what was used is remembered for as long as it could be shown again", () => {
  test("once, whether a seat was kept for it or not", () => {
    const { keep, use, released } = opened();
    keep("t1");
    expect([use("t1"), use("t1"), use("t2"), use("t2")]).toEqual(["in", "used", "in", "used"]);
    expect(released).toEqual(["t1"]);
  });

  test("after that its id is forgotten, with no timer", () => {
    const { clock, book, use } = opened();
    use("t1");
    expect(clock.pending).toBe(0);
    clock.advance(130_999);
    expect([use("t1"), book.size.used]).toEqual(["used", 1]);
    clock.advance(1);
    expect(book.size.used).toBe(0);
  });

  test("beyond the bound nothing that could be shown again is forgotten: there is no room for now", () => {
    const { clock, use } = opened(2);
    expect([use("t1"), use("t2"), use("t3"), use("t1")]).toEqual(["in", "in", "full", "used"]);
    clock.advance(131_000);
    expect(use("t3")).toBe("in");
  });
});

describe("[TKT-4] a seat is kept for a ticket that is out, and no longer", () => {
  test("one timer gives back those that nobody came for, each in its time", () => {
    const { clock, keep, released, book } = opened();
    keep("t1");
    clock.advance(5_000);
    keep("t2");
    expect(clock.pending).toBe(1);
    clock.advance(14_999);
    expect(released).toEqual([]);
    clock.advance(1);
    expect([released, book.size.kept, clock.pending]).toEqual([["t1"], 1, 1]);
    clock.advance(5_000);
    expect([released, book.size.kept, clock.pending]).toEqual([["t1", "t2"], 0, 0]);
  });

  test("who comes in time has it given back for themselves, and nothing is left on the clock", () => {
    const { clock, keep, use, released } = opened();
    keep("t1");
    use("t1");
    expect([released, clock.pending]).toEqual([["t1"], 0]);
    clock.advance(60_000);
    expect(released).toEqual(["t1"]);
  });

  test("a server that lets nobody in any more gives all of them back", () => {
    const { clock, book, keep, released } = opened();
    for (const id of ["t1", "t2"]) keep(id);
    book.releaseAll();
    expect([released, clock.pending]).toEqual([["t1", "t2"], 0]);
  });

  test("there are no more than the bound", () => {
    const { book, keep } = opened(2);
    keep("t1");
    expect(book.isFull).toBe(false);
    keep("t2");
    expect(book.isFull).toBe(true);
  });
});
