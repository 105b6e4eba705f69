import { type Command, InvalidArgumentError } from "commander";
import { Complaint } from "../../shared/complaint.ts";
import { conditionsInWords } from "../../shared/link/network-conditions.ts";
import { NodeClock } from "../../shared/platform/node-clock.ts";
import { seededRandom } from "../../shared/random/seeded-random.ts";
import { port, type Target, target } from "./address-option.ts";
import { addConditionOptions, type ConditionOptions, conditionsOf } from "./condition-options.ts";
import { FaultProxy } from "./fault-proxy.ts";
import { type Carried, rateLine, totalLine } from "./proxy-report.ts";

interface ProxyOptions extends ConditionOptions {
  readonly to: Target;
  readonly port: number;
  readonly seed: number;
}

const LINE_EVERY_MS = 1_000;

const help = `
The proxy stands between players and a server and carries what they say as a bad network does. It knows no protocol,
so pages, games of one's own and other servers can be tried on it, too. It listens on 127.0.0.1 alone. Connections
begin their stalls and cuts at different times; equal seeds give equal networks.

Examples:
  $ tickcast proxy --to 127.0.0.1:3000 --latency 75 --jitter 30
  $ tickcast proxy --to 3000 --port 4000 --latency 40 --stall-every 5s --stall-for 400ms
  $ tickcast proxy --to game.example.com:80 --rate 64k --cut-every 30s
`;

/** Adds `tickcast proxy` to the program. */
export function addProxyCommand(program: Command): void {
  const command = program
    .command("proxy")
    .description("carry connections to a server as a bad network does")
    .requiredOption("--to <address>", "where connections lead, like 127.0.0.1:3000", target)
    .option("-p, --port <number>", "port to listen on; 0 picks a free one", port, 0)
    .option("--seed <number>", "what jitter and the times of faults derive from", wholeNumber, 1);
  addConditionOptions(command).addHelpText("after", help).action(proxy);
}

async function proxy(options: ProxyOptions): Promise<void> {
  const conditions = conditionsOf(options);
  const clock = new NodeClock();
  const { to } = options;
  const random = seededRandom(options.seed);
  const running = await FaultProxy.start({ to, port: options.port, clock, random, conditions }).catch(
    (error: NodeJS.ErrnoException) => {
      if (error.code === "EADDRINUSE") throw new Complaint(`Port ${options.port} is taken on 127.0.0.1.`);
      throw new Complaint(`The proxy cannot listen on 127.0.0.1:${options.port}: ${error.message}`);
    },
  );
  const stopLines = process.stdout.isTTY ? showRates(running, clock) : undefined;
  await new Promise<void>((resolve) => {
    process.once("SIGINT", () => resolve());
    process.once("SIGTERM", () => resolve());
    // Last, because whoever waits for these lines may end the proxy right away.
    console.log(`Tickcast proxy: http://127.0.0.1:${running.port} leads to ${to.host}:${to.port}`);
    console.log(`The network: ${conditionsInWords(conditions)}`);
  });
  stopLines?.();
  const carried = carriedBy(running);
  await running.close();
  console.log(`carried ${totalLine(carried)}`);
}

/** A line a second that is written over itself, while anything is connected. */
function showRates(running: FaultProxy, clock: NodeClock): () => void {
  let before = carriedBy(running);
  let at = clock.now();
  const timer = setInterval(() => {
    const [now, carried] = [clock.now(), carriedBy(running)];
    process.stdout.write(`\r\u001b[K${rateLine(before, carried, (now - at) / 1_000)}`);
    [before, at] = [carried, now];
  }, LINE_EVERY_MS);
  return () => {
    clearInterval(timer);
    process.stdout.write("\r\u001b[K");
  };
}

function carriedBy({ connections, accepted, bytes }: FaultProxy): Carried {
  return { connections, accepted, bytes };
}

function wholeNumber(value: string): number {
  if (!/^\d{1,10}$/.test(value)) throw new InvalidArgumentError("It is a whole number.");
  return Number(value);
}
