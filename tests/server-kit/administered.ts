import { Admin, type AdminParts } from "../../server/admin/admin.ts";
import type { ProcessReadings } from "../../server/admin/process-readings.ts";
import type { RoomDefinition } from "../../server/room/define-room.ts";
import { Hosted, type HostOptions } from "./hosted.ts";

export const TOKEN = "a-token-of-24-characters";

/** A process that uses a tenth of a core. */
function testProcess(now: () => number): ProcessReadings & { watchers: number } {
  return {
    node: "20.0.0",
    watchers: 0,
    read() {
      const loopDelayMs = this.watchers > 0 ? 1.5 : -1;
      return { cpuMs: now() / 10, busy: 0.25, loopDelayMs, heapBytes: 1_000, residentBytes: 2_000 };
    },
    watchDelays() {
      this.watchers += 1;
      return () => void this.watchers--;
    },
  };
}

/** A server in memory with its dashboard's API. */
export class Administered extends Hosted {
  readonly admin: Admin;
  readonly process = testProcess(() => this.clock.now());

  constructor(rooms: readonly RoomDefinition[], options: HostOptions = {}, parts: Partial<AdminParts> = {}) {
    super(rooms, { ...options, http: [(request, address) => this.admin.respond(request, address)] });
    this.admin = new Admin({
      token: TOKEN,
      server: this.server,
      clock: this.clock,
      timeOfDay: () => 1_000_000 + this.clock.now(),
      process: this.process,
      mode: "development",
      bots: undefined,
      ...parts,
    });
  }

  ask(path: string, init: RequestInit = {}): Promise<Response> {
    const headers = { authorization: `Bearer ${TOKEN}`, ...init.headers };
    return this.request(`/admin/api/${path}`, { ...init, headers });
  }

  /** The answer to a question that has one. */
  async answer<Answer>(path: string): Promise<Answer> {
    const response = await this.ask(path);
    if (response.status !== 200) throw new Error(`${path}: ${response.status} ${await response.text()}`);
    return (await response.json()) as Answer;
  }

  act(path: string, body?: unknown): Promise<Response> {
    return this.ask(path, { method: "POST", ...(body !== undefined && { body: JSON.stringify(body) }) });
  }
}

export async function administer(
  ...[rooms, options, parts]: ConstructorParameters<typeof Administered>
): Promise<Administered> {
  const hosted = new Administered(rooms, options, parts);
  await hosted.server.listen({ host: "memory", port: 0 });
  return hosted;
}

/** Status and problem of an answer that is none. */
export async function problemOf(response: Response) {
  const { error } = (await response.json()) as { error: { code: string; message: string } };
  return { status: response.status, ...error };
}
