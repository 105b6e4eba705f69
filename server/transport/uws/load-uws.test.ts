import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { loadUws, loadUwsOn, type UwsHost } from "./load-uws.ts";
import { UwsLoadError } from "./uws-load-error.ts";

const TOO_OLD = "Error: /lib/libc.so.6: version `GLIBC_2.38' not found (required by uws_linux_x64_115.node)";

describe("loading uWebSockets.js", () => {
  let folder: string;
  let main: string;
  let loads: string[];
  let released: number;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "load-uws-test-"));
    main = join(folder, "uws.js");
    loads = [];
    released = 0;
    for (const name of ["uws_linux_x64_115.node", "uws_win32_x64_115.node"])
      writeFileSync(join(folder, name), "");
  });

  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const module = { App: () => {} };

  /** Debian 12 with Node 20, where only the adapted copy loads. */
  function host(differences: Partial<UwsHost> = {}): UwsHost {
    return {
      platform: "linux",
      arch: "x64",
      abi: "115",
      nodeVersion: "20.20.2",
      glibcVersion: () => "2.36",
      resolve: () => main,
      load: (path) => {
        loads.push(path);
        if (path === main) throw new Error(TOO_OLD);
        return module;
      },
      adaptedCopyOf: (binary) => ({ path: `${binary}.adapted`, release: () => void released++ }),
      ...differences,
    };
  }

  const failing = (message: string) => ({
    load: () => {
      throw new Error(message);
    },
  });

  function failure(differences: Partial<UwsHost>): UwsLoadError {
    try {
      loadUwsOn(host(differences));
    } catch (error) {
      if (error instanceof UwsLoadError) return error;
      throw error;
    }
    throw new Error("it loaded");
  }

  test("[UWS-7] what loads as it is is used as it is", () => {
    const load = (path: string) => {
      loads.push(path);
      return module;
    };
    expect(loadUwsOn(host({ load }))).toBe(module);
    expect(loads).toEqual([main]);
  });

  test("[UWS-7] where only glibc 2.38 is missing the adapted copy is loaded, and released", () => {
    expect(loadUwsOn(host())).toBe(module);
    expect(loads).toEqual([main, join(folder, "uws_linux_x64_115.node.adapted")]);
    expect(released).toBe(1);
  });

  test("[UWS-8] a glibc that is too old even for the copy is named, and the copy released", () => {
    const error = failure({ ...failing(TOO_OLD), glibcVersion: () => "2.31" });
    expect(error.failure).toBe("not-loadable");
    expect(error.message).toMatch(/glibc 2\.31: use an image with glibc 2\.36 or newer/);
    expect(released).toBe(1);
  });

  const adaptedCopyOf = () => {
    throw new Error("nothing was to be adapted");
  };

  test("[UWS-8] any other failure to load is told, and nothing adapted", () => {
    const error = failure({ ...failing("symbol lookup error"), adaptedCopyOf });
    expect(error.failure).toBe("not-loadable");
    expect(error.message).toContain("npm ci");
    expect(error.message).toContain("symbol lookup error");
  });

  test("[UWS-8] on another system than Linux nothing is adapted, whatever the failure says", () => {
    expect(failure({ ...failing(TOO_OLD), platform: "win32", adaptedCopyOf }).failure).toBe("not-loadable");
  });

  test("[UWS-8] Alpine is told to use another image", () => {
    const error = failure({ ...failing(TOO_OLD), glibcVersion: () => undefined, adaptedCopyOf });
    expect(error.failure).toBe("musl");
    expect(error.message).toContain("Debian or Ubuntu");
  });

  test("[UWS-8] an unsupported Node is told which ones are supported", () => {
    const error = failure({ ...failing("not found"), abi: "108", nodeVersion: "18.20.0" });
    expect(error.failure).toBe("unsupported-node");
    expect(error.message).toBe("uWebSockets.js has no binary for Node 18.20.0: use Node 20, 22, 24 or 25.");
  });

  test("[UWS-8] an unsupported platform is told which ones are supported", () => {
    const error = failure({ ...failing("not found"), platform: "freebsd" });
    expect(error.failure).toBe("unsupported-platform");
    expect(error.message).toContain("freebsd on x64");
  });

  test("[UWS-8] a missing package is told how to install it", () => {
    const resolve = () => {
      throw new Error("Cannot find module");
    };
    const error = failure({ resolve });
    expect(error.failure).toBe("not-installed");
    expect(error.message).toContain("npm install");
  });

  test("[UWS-7] this process loads it once", () => {
    const uws = loadUws();
    expect(uws.App).toBeTypeOf("function");
    expect(loadUws()).toBe(uws);
  });
});
