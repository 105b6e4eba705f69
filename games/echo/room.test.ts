import { expectState, TestServer } from "tickcast/testing";
import { expect, test } from "vitest";
import { echo } from "./echo.ts";
import { echoRoom } from "./room.ts";

test("what one says comes back to oneself alone, in order and in full", async () => {
  const server = await TestServer.start({ rooms: [echoRoom] });
  const ada = await server.connect(echo, "/echo");
  const grace = await server.connect(echo, "/echo");
  const [one, two] = [ada.room, grace.room];
  expect(two.id).toBe(one.id);
  const heard = { one: [] as unknown[], two: [] as unknown[] };
  one.on("echo", ({ text, number }) => heard.one.push([text, number]));
  two.on("echo", ({ text, number }) => heard.two.push([text, number]));

  const long = "ä€😀".repeat(125);
  one.send("say", { text: "hello", number: 1 });
  one.send("say", { text: long, number: 2 });
  two.send("say", { text: "", number: 4_294_967_295 });
  await ada.ticks(4);
  expect(heard).toEqual({
    one: [
      ["hello", 1],
      [long, 2],
    ],
    two: [["", 4_294_967_295]],
  });
  expectState(ada, { traffic: { connections: 2, echoes: 3 } });

  expect(await ada.request("ping", { number: 9 })).toMatchObject({ ok: true, value: { number: 9 } });
  await server.stop();
});
