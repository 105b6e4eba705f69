import type { Api } from "./api.ts";
import type { Route } from "./route.ts";

/** What is shown below the page's head. */
export interface View {
  readonly element: HTMLElement;
  readonly title: string;
  /** Takes another route of the same view; false where it cannot, and a new one has to. */
  follow(route: Route): boolean;
  close(): void;
}

/** What every view may use. */
export interface ViewParts {
  readonly api: Api;
}
