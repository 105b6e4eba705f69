import { Complaint } from "../../shared/complaint.ts";
import { crowd } from "./crowd.ts";
import { echo } from "./echo.ts";
import { fanout } from "./fanout.ts";
import { http } from "./http.ts";
import { joinStorm } from "./join-storm.ts";
import { reconnectStorm } from "./reconnect-storm.ts";
import { rooms } from "./rooms.ts";
import type { Scenario } from "./scenario.ts";
import { slowReaders } from "./slow-readers.ts";

export const scenarios: readonly Scenario[] = [
  fanout,
  crowd,
  rooms,
  echo,
  http,
  slowReaders,
  reconnectStorm,
  joinStorm,
];

/** @throws Complaint that names those there are */
export function scenarioNamed(name: string): Scenario {
  const found = scenarios.find((scenario) => scenario.name === name);
  if (found === undefined)
    throw new Complaint(
      `there is no scenario "${name}"; there is ${scenarios.map((known) => known.name).join(", ")}.`,
    );
  return found;
}
