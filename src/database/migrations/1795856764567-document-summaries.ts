import type { MigrationInterface, QueryRunner } from 'typeorm';

export class DocumentSummaries1795856764567 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`ALTER TABLE "vector_store_files" ADD "summary" text`);
    await queryRunner.query(`ALTER TABLE "vector_store_files" ADD "summary_status" text`);
    await queryRunner.query(`ALTER TABLE "vector_store_files" ADD "summary_owner" text`);
    await queryRunner.query(`ALTER TABLE "vector_store_files" ADD "summary_tries" integer NOT NULL DEFAULT '0'`);
    await queryRunner.query(`ALTER TABLE "vector_store_files" ADD "summary_due_at" TIMESTAMP(3) WITH TIME ZONE`);
    await queryRunner.query(`ALTER TABLE "vector_stores" ADD "has_summaries" boolean NOT NULL DEFAULT false`);
    await queryRunner.query(
      `CREATE INDEX "files_to_summarise" ON "vector_store_files"  ("turn", "sequence") WHERE "summary_status" = 'in_progress'`,
    );
    await queryRunner.query(
      `ALTER TABLE "vector_store_files" ADD CONSTRAINT "vector_store_files_summary_status" CHECK ("summary_status" IN ('in_progress', 'completed', 'failed'))`,
    );
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`ALTER TABLE "vector_store_files" DROP CONSTRAINT "vector_store_files_summary_status"`);
    await queryRunner.query(`DROP INDEX "public"."files_to_summarise"`);
    await queryRunner.query(`ALTER TABLE "vector_stores" DROP COLUMN "has_summaries"`);
    await queryRunner.query(`ALTER TABLE "vector_store_files" DROP COLUMN "summary_due_at"`);
    await queryRunner.query(`ALTER TABLE "vector_store_files" DROP COLUMN "summary_tries"`);
    await queryRunner.query(`ALTER TABLE "vector_store_files" DROP COLUMN "summary_owner"`);
    await queryRunner.query(`ALTER TABLE "vector_store_files" DROP COLUMN "summary_status"`);
    await queryRunner.query(`ALTER TABLE "vector_store_files" DROP COLUMN "summary"`);
  }
}
