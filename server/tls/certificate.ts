import { X509Certificate } from "node:crypto";
import { readFileSync, unwatchFile, watchFile } from "node:fs";
import { createSecureContext } from "node:tls";
import type { Release } from "../../shared/tick/clock.ts";

/** PEM files: the certificate with its chain, and its private key. */
export interface CertificateFiles {
  readonly certFile: string;
  readonly keyFile: string;
}

/** The files cannot be used; `message` says which and why. */
export class CertificateError extends Error {
  override readonly name = "CertificateError";
}

/** How often the files are looked at. By polling, because mounted secrets are replaced by moving links. */
const LOOK_MS = 2_000;

/**
 * Looks whether uWebSockets.js could serve with these files, which itself would not say why not.
 *
 * @returns until when the certificate is valid
 * @throws CertificateError
 */
export function checkCertificate({ certFile, keyFile }: CertificateFiles): { readonly validTo: string } {
  try {
    const cert = readFileSync(certFile);
    createSecureContext({ cert, key: readFileSync(keyFile) });
    return { validTo: new X509Certificate(cert).validTo };
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new CertificateError(
      `The certificate ${certFile} with the key ${keyFile} cannot be used: ${why}. They must be two PEM files that belong together and that the server may read; name them with --tls-cert and --tls-key.`,
      { cause },
    );
  }
}

/** Calls back whenever one of the files has changed. */
export function watchCertificate({ certFile, keyFile }: CertificateFiles, changed: () => void): Release {
  const files = [certFile, keyFile];
  for (const file of files) watchFile(file, { interval: LOOK_MS, persistent: false }, changed);
  return () => {
    for (const file of files) unwatchFile(file, changed);
  };
}
