import { spawn } from 'node:child_process';
import { copyFile, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder of package.json. */
export const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/** Paths of files below the tree's root, with their contents. */
export type Files = Record<string, string>;

/**
 * Writes the files into a temporary folder that looks like this project to the tools: same dependencies, same compiler
 * settings. Gives its path; remove it with `removeTree`.
 */
export async function plantTree(files: Files): Promise<string> {
  const root = await mkdtemp(join(tmpdir(), 'threadmill-arch-'));
  await symlink(join(ROOT, 'node_modules'), join(root, 'node_modules'));
  for (const name of ['package.json', 'tsconfig.json', '.dependency-cruiser.cjs']) {
    await copyFile(join(ROOT, name), join(root, name));
  }
  const configModule = JSON.stringify(join(ROOT, 'tools/eslint-config.mjs'));
  const eslintConfig = `import { createConfig } from ${configModule};\nexport default createConfig(import.meta.dirname);\n`;
  await writeFile(join(root, 'eslint.config.mjs'), eslintConfig);
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), content);
  }
  return root;
}

export async function removeTree(root: string): Promise<void> {
  await rm(root, { recursive: true, force: true });
}

/** Runs a tool of node_modules on a tree and gives what it printed as JSON; its exit code tells nothing more. */
export async function runTool(root: string, script: string, toolArguments: readonly string[]): Promise<unknown> {
  const child = spawn(process.execPath, [join(ROOT, 'node_modules', script), ...toolArguments], {
    cwd: root,
    env: { ...process.env, NODE_OPTIONS: '' },
  });
  const outputs = { stdout: '', stderr: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => (outputs.stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (outputs.stderr += text));
  await new Promise((resolve, reject) => child.on('error', reject).on('close', resolve));
  try {
    return JSON.parse(outputs.stdout);
  } catch {
    throw new Error(`${script} gave no report: ${outputs.stderr}${outputs.stdout.slice(0, 2000)}`);
  }
}
