import { expect, test } from "vitest";
import { unknownVariables } from "./unknown-variables.ts";

test("[OPS-54] variables that look like settings and are none are found, but not those of Kubernetes", () => {
  const environment = {
    PATH: "/bin",
    TICKCAST_ORIGINS: "https://play.example.com",
    TICKCAST_ORIGNS: "https://play.example.com",
    TICKCAST_PORT: "tcp://10.0.0.1:80",
    TICKCAST_PORT_80_TCP_ADDR: "10.0.0.1",
    TICKCAST_SERVICE_HOST: "10.0.0.1",
    TICKCAST_SERVICE_PORT_HTTP: "80",
    TICKCAST_DRAIN: "5",
  };
  expect(unknownVariables(environment, ["TICKCAST_ORIGINS"])).toEqual(["TICKCAST_DRAIN", "TICKCAST_ORIGNS"]);
});
