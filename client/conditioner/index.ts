/** A bad network for the SDK's connections: an entry of its own, so that pages without it do not carry it. */
export type { NetworkConditions } from "../../shared/link/network-conditions.ts";
export { conditionsInWords, perfectNetwork } from "../../shared/link/network-conditions.ts";
export { LinkConditioner } from "./link-conditioner.ts";
