import type { MigrationInterface, QueryRunner } from 'typeorm';

export class EmbeddingsByAge1795900000000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`CREATE INDEX "embeddings_by_age" ON "embeddings"  ("created_at")`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`DROP INDEX "public"."embeddings_by_age"`);
  }
}
