import type { MigrationInterface, QueryRunner } from 'typeorm';

export class IndexVersions1795840100000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`ALTER TABLE "index_stores" ADD "version" integer NOT NULL DEFAULT '0'`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`ALTER TABLE "index_stores" DROP COLUMN "version"`);
  }
}
