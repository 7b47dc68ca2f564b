import { writeFile } from 'node:fs/promises';
import { schemaDifference, withScratchDatabase } from './support/scratch-database.js';

const AREA = /^[a-z0-9]+(-[a-z0-9]+)*$/;
const FOLDER = new URL('../src/database/migrations/', import.meta.url);

/**
 * `npm run migration:generate -- <area> [module...]`: writes the migration from what all migrations give to what the
 * entities say. Modules named after the area narrow it to their entities (name those they refer to as well).
 */
async function main(area: string | undefined, modules: string[]): Promise<void> {
  if (area === undefined || !AREA.test(area)) {
    throw new Error('Usage: npm run migration:generate -- <area> [module...], with an area such as files or run-steps');
  }
  const chosen = modules.length > 0 ? modules : undefined;
  await withScratchDatabase(async (dataSource) => {
    await dataSource.runMigrations();
    const { up, down } = await schemaDifference(dataSource);
    if (up.length === 0) {
      console.log('The migrations already give what the entities say.');
      return;
    }
    const time = Date.now();
    const file = new URL(`${time}-${area}.ts`, FOLDER);
    await writeFile(file, renderMigration(`${pascalCase(area)}${time}`, up, down));
    console.log(`Wrote ${file.pathname}. Read it before you commit it.`);
  }, chosen);
}

function pascalCase(area: string): string {
  return area.replace(/(^|-)([a-z0-9])/g, (_, __, letter: string) => letter.toUpperCase());
}

function renderMigration(name: string, up: string[], down: string[]): string {
  return `import type { MigrationInterface, QueryRunner } from 'typeorm';

export class ${name} implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
${renderQueries(up)}
  }

  async down(queryRunner: QueryRunner): Promise<void> {
${renderQueries(down)}
  }
}
`;
}

function renderQueries(queries: string[]): string {
  return queries.map((query) => `    await queryRunner.query(\`${query.replace(/[`\\$]/g, '\\$&')}\`);`).join('\n');
}

const [area, ...modules] = process.argv.slice(2);
await main(area, modules);
