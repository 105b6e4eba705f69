import { expect, test } from "vitest";
import { Complaint } from "../../shared/complaint.ts";
import { loadAutocannon } from "./autocannon.ts";

test("[BEN-19] where autocannon is missing, a sentence says how to install it", async () => {
  const missing = Object.assign(new Error("Cannot find package 'autocannon'"), {
    code: "ERR_MODULE_NOT_FOUND",
  });
  const failure = await loadAutocannon(() => Promise.reject(missing)).catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(Complaint);
  expect((failure as Complaint).message).toContain('install it with "npm install --save-dev autocannon"');
});

test("any other failure of loading it is told as it is", async () => {
  const broken = new SyntaxError("unexpected token");
  await expect(loadAutocannon(() => Promise.reject(broken))).rejects.toBe(broken);
});
