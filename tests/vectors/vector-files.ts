import { closeCodes, standardCloseCodes } from "../../shared/protocol/close-codes.ts";
import { compatibilityVectors } from "./compatibility-vectors.ts";
import { clientFrameVectors, messagepackVectors, serverFrameVectors } from "./message-vectors.ts";
import { recordings } from "./recorded-scenarios.ts";
import { robustnessVectors } from "./robustness-vectors.ts";
import { valueVectors } from "./value-vectors.ts";
import { vectorText } from "./vector-format.ts";

/** Every vector file by its path below `docs/vectors`, as the code says it now. */
export async function vectorFiles(): Promise<ReadonlyMap<string, string>> {
  const scenarios = [];
  for (const record of recordings) scenarios.push(await record());
  return new Map([
    ["messagepack.json", vectorText(messagepackVectors())],
    ["values.json", vectorText({ fields: valueVectors() })],
    ["client-frames.json", vectorText(clientFrameVectors())],
    ["server-frames.json", vectorText(serverFrameVectors())],
    ["robustness.json", vectorText(robustnessVectors())],
    ["compatibility.json", vectorText(compatibilityVectors())],
    ["close-codes.json", vectorText({ codes: Object.values({ ...closeCodes, ...standardCloseCodes }) })],
    ...scenarios.map((scenario): [string, string] => [
      `scenarios/${scenario.name}.json`,
      vectorText({ ...scenario }),
    ]),
  ]);
}
