export { type BotBehaviour, type BotDefinition, type BotSelf, defineBot } from "./define-bot.ts";
export type { Percentiles } from "./histogram.ts";
export type { SwarmReport } from "./report.ts";
