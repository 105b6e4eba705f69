import { execFileSync } from "node:child_process";
import { renameSync } from "node:fs";
import { join } from "node:path";

/** Whether certificates can be made here; said where they cannot. */
export function hasOpenssl(): boolean {
  try {
    execFileSync("openssl", ["version"], { stdio: "ignore" });
    return true;
  } catch {
    console.log("TLS is not tested: there is no openssl on this machine.");
    return false;
  }
}

/** `cert.pem` and `key.pem` for 127.0.0.1, self-signed, put into place as a renewal does it: one by one. */
export function certify(folder: string, name: string): void {
  const at = (file: string): string => join(folder, file);
  execFileSync(
    "openssl",
    [
      "req",
      "-x509",
      "-newkey",
      "ec",
      "-pkeyopt",
      "ec_paramgen_curve:prime256v1",
      "-nodes",
      "-days",
      "2",
    ].concat(
      ["-subj", `/CN=${name}`, "-addext", "subjectAltName=IP:127.0.0.1"],
      ["-keyout", at("new-key.pem"), "-out", at("new-cert.pem")],
    ),
    { stdio: "ignore" },
  );
  renameSync(at("new-key.pem"), at("key.pem"));
  renameSync(at("new-cert.pem"), at("cert.pem"));
}
