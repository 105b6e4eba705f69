// Runs in the project: two players join its server by the SDK, one walks, and the other sees it.
import { connect } from "tickcast/client";
import { meadow } from "./dist/game.js";

const [address] = process.argv.slice(2);
const ada = await connect(meadow, `${address}meadow`, { name: "Ada" });
const ben = await connect(meadow, `${address}meadow`, { name: "Ben" });
const before = ada.me.x;
ada.input({ walk: 0 });
const seen = await new Promise((walked) => {
  ben.state.walkers.onChange((row) => {
    if (row.name === "Ada" && row.x > before + 20) walked(row.x);
  });
});
console.log(
  JSON.stringify({ sameRoom: ada.id === ben.id, walkers: ben.state.walkers.size, walked: seen > before }),
);
await Promise.all([ada.leave(), ben.leave()]);
