import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';

/** The package that holds Deno's binary, by platform and processor. Deno makes none for musl. */
const BINARY_PACKAGE: Readonly<Record<string, string>> = {
  'linux-x64': '@deno/linux-x64-glibc',
  'linux-arm64': '@deno/linux-arm64-glibc',
  'darwin-x64': '@deno/darwin-x64',
  'darwin-arm64': '@deno/darwin-arm64',
  'win32-x64': '@deno/win32-x64',
  'win32-arm64': '@deno/win32-arm64',
};

/** Folder of Pyodide's files, and the same as a URL that ends in a slash. */
export interface PyodideFiles {
  folder: string;
  url: string;
}

export interface Packages {
  /** Deno's binary. */
  deno: string;
  pyodide: PyodideFiles;
}

/** Finds both by module resolution, so that install scripts need not have run; undefined if one is missing. */
export function findPackages(): Packages | undefined {
  try {
    const require = createRequire(import.meta.url);
    const fromDeno = createRequire(require.resolve('deno/package.json'));
    const binaryPackage = BINARY_PACKAGE[`${process.platform}-${process.arch}`];
    if (binaryPackage === undefined) return undefined;
    const binaryFolder = dirname(fromDeno.resolve(`${binaryPackage}/package.json`));
    const deno = join(binaryFolder, process.platform === 'win32' ? 'deno.exe' : 'deno');
    const folder = dirname(require.resolve('pyodide/package.json'));
    return existsSync(deno) ? { deno, pyodide: { folder, url: `${pathToFileURL(folder).href}/` } } : undefined;
  } catch {
    return undefined;
  }
}
