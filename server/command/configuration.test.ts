import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { printedConfig, readConfigFile, resolveSettings, type Sourced } from "./configuration.ts";
import { allSettings } from "./settings.ts";

const settings = allSettings({});
let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "tickcast-config-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

function file(content: unknown): string {
  const path = join(folder, "c.json");
  writeFileSync(path, typeof content === "string" ? content : JSON.stringify(content));
  return path;
}

const read = (content: unknown) => readConfigFile(file(content), settings);

describe("[OPS-50] a setting comes from a flag, else the environment, else the file, else its default", () => {
  const inFile = { port: 1, host: "0.0.0.0", limits: { maxRooms: 5, greetingMs: 900 } };
  const given: Readonly<Record<string, Sourced>> = {
    port: { value: 2, from: "flag" },
    host: { value: "127.0.0.1", from: "default" },
    mode: { value: "production", from: "environment" },
    logLevel: { value: "info", from: "default" },
    watchdogMs: { value: 500, from: "flag" },
    limits: { value: { maxRooms: 7 }, from: "environment" },
  };
  const resolved = resolveSettings(settings, (key) => given[key], inFile);

  test("each by itself, and limits one by one", () => {
    expect(Object.fromEntries(resolved)).toEqual({
      port: { value: 2, from: "flag" },
      host: { value: "0.0.0.0", from: "file" },
      mode: { value: "production", from: "environment" },
      logLevel: { value: "info", from: "default" },
      drainSeconds: { value: 20, from: "default" },
      watchdogMs: { value: 500, from: "flag" },
      limits: { value: { maxRooms: 7, greetingMs: 900 }, from: "environment" },
    });
  });

  test("the mode's default is NODE_ENV's", () => {
    const modeOf = (environment: Record<string, string>) =>
      allSettings(environment).find(({ key }) => key === "mode")?.default;
    expect([modeOf({}), modeOf({ NODE_ENV: "production" }), modeOf({ NODE_ENV: "test" })]).toEqual([
      "development",
      "production",
      "development",
    ]);
  });
});

describe("[OPS-51] what a file has wrong is told with file, key, value and what is allowed", () => {
  test("a complete one is taken as it is", () => {
    const config = {
      port: 8080,
      host: "::",
      mode: "production",
      drainSeconds: 45,
      checkpoints: "checkpoints",
      checkpointMs: 500,
      watchdogMs: 5_000,
      origins: ["https://play.example.com"],
      trustedProxies: ["10.0.0.0/8"],
      proxyHeader: "forwarded",
      tlsCert: "cert.pem",
      tlsKey: "key.pem",
      metrics: "off",
      metricsToken: "0123456789abcdef",
      adminToken: "0123456789abcdef",
      tickets: "required",
      ticketSecrets: ["a secret of thirty-two bytes, say"],
      ticketSeconds: 20,
      publicUrl: "https://play-3.example.com",
      redis: "redis://:s3cret@10.0.0.5:6379/1",
      redisPrefix: "play",
      nodeId: "play-3",
      workers: 4,
      onDirectoryLoss: "continue",
      record: "recordings",
      recordGames: ["arena"],
      recordMaxMb: 64,
      recordMaxMinutes: 90,
      logLevel: "warn",
      logFormat: "json",
      limits: { maxRooms: 20 },
    };
    expect(Object.keys(config).sort()).toEqual(settings.map(({ key }) => key).sort());
    expect(read(config)).toEqual(config);
  });

  for (const [content, sentence] of [
    [{ prot: 1 }, 'has "prot", which is no setting; there are port, host,'],
    [{ port: "80" }, 'port is "80"; it must be a whole number from 0 to 65535.'],
    [{ port: 70_000 }, "port is 70000; it must be a whole number from 0 to 65535."],
    [{ host: "" }, 'host is ""; it must be a text.'],
    [{ mode: "test" }, 'mode is "test"; it must be development or production.'],
    [{ drainSeconds: -1 }, "drainSeconds is -1; it must be a number of seconds from 0 to 86400."],
    [{ origins: "https://a.example" }, 'origins is "https://a.example"; it must be a list of texts.'],
    [{ origins: ["a.example"] }, 'origins has "a.example"; it must be like "https://play.example.com"'],
    [{ trustedProxies: ["proxy"] }, 'trustedProxies has "proxy"; it must be an address or a range'],
    [{ tickets: "yes" }, 'tickets is "yes"; it must be off, accepted, required or identified.'],
    [{ ticketSecrets: "one" }, "ticketSecrets must be a list of texts."],
    [{ ticketSecrets: ["short"] }, "ticketSecrets: a ticket secret has 5 bytes; it must have at least 32"],
    [{ ticketSeconds: 121 }, "ticketSeconds is 121; it must be a number of seconds from 1 to 120."],
    [{ publicUrl: "a" }, 'publicUrl is "a"; it must be like "https://play-3.example.com"'],
    [{ metrics: true }, "metrics is true; it must be on or off."],
    [{ logLevel: "loud" }, 'logLevel is "loud"; it must be debug, info, warn, error or silent.'],
    [{ redis: "http://:s3cret@10.0.0.5" }, "redis must begin with redis:// or rediss://, or be the path of"],
    [{ nodeId: "play 3" }, 'nodeId is "play 3"; it must be 1 to 64 letters, digits, dots'],
    [{ limits: { maxRoms: 1 } }, 'limits has "maxRoms", which is no limit; there are '],
    [{ limits: { maxRooms: -1 } }, "limits.maxRooms is -1; it must be"],
    [{ recordMaxMb: 0 }, "recordMaxMb is 0; it must be a number above 0."],
    [{ limits: 5 }, "limits is 5; it must be an object of limits."],
    [{ metricsToken: 12345 }, "metricsToken must be a text."],
    [
      { metricsToken: "short" },
      "metricsToken has 5 characters; it needs at least 16. Make one with: openssl",
    ],
    [{ adminToken: "sixteen and blank" }, "adminToken has to be of letters, digits and signs of ASCII"],
    [{ watchdogMs: 5 }, "watchdogMs is 5; it must be 0, or a number of milliseconds from 100."],
    ["[]", "must be an object, as in { "],
    ["{", "is no JSON: "],
  ] as const)
    test(JSON.stringify(content), () => {
      expect(() => read(content)).toThrow(sentence);
      expect(() => read(content)).toThrow("c.json");
    });

  test("a file that was named must be there, the usual one need not", () => {
    expect(() => readConfigFile(join(folder, "none.json"), settings)).toThrow(
      /none\.json cannot be read: ENOENT/,
    );
    expect(readConfigFile(undefined, settings)).toEqual({});
  });
});

describe("[OPS-52] --print-config says every setting and where it comes from, but no secret", () => {
  test("in JSON", () => {
    const resolved = new Map<string, Sourced>([
      ["port", { value: 0, from: "flag" }],
      ["metricsToken", { value: "s3cret", from: "environment" }],
      ["ticketSecrets", { value: ["s3cret one", "s3cret two"], from: "file" }],
      ["redis", { value: "redis://:s3cret@10.0.0.5", from: "environment" }],
    ]);
    const printed = printedConfig(settings, resolved);
    expect(printed).not.toContain("s3cret");
    expect(JSON.parse(printed)).toMatchObject({
      port: { value: 0, from: "flag" },
      metricsToken: { value: "[redacted]", from: "environment" },
      ticketSecrets: { value: "[redacted]", from: "file" },
      tlsCert: { value: null, from: "default" },
    });
    expect(Object.keys(JSON.parse(printed) as object)).toEqual(settings.map(({ key }) => key));
  });
});
