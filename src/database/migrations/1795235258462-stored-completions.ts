import type { MigrationInterface, QueryRunner } from 'typeorm';

export class StoredCompletions1795235258462 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(
      `CREATE TABLE "stored_completions" ("id" text NOT NULL, "project_id" text NOT NULL, "sequence" BIGSERIAL NOT NULL, "created_at" TIMESTAMP(3) WITH TIME ZONE NOT NULL DEFAULT now(), "model" text NOT NULL, "metadata" jsonb NOT NULL, "completion" json NOT NULL, "messages" json NOT NULL, CONSTRAINT "PK_2e888706e1b5a9ca22b64f07b93" PRIMARY KEY ("id"))`,
    );
    await queryRunner.query(
      `CREATE INDEX "IDX_81d8dce4ac7884ca741306ebbe" ON "stored_completions"  ("project_id", "sequence") `,
    );
    await queryRunner.query(
      `ALTER TABLE "stored_completions" ADD CONSTRAINT "FK_41b8e52307bb3d7b239a44fbceb" FOREIGN KEY ("project_id") REFERENCES "projects"("id") ON DELETE CASCADE ON UPDATE NO ACTION`,
    );
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`ALTER TABLE "stored_completions" DROP CONSTRAINT "FK_41b8e52307bb3d7b239a44fbceb"`);
    await queryRunner.query(`DROP INDEX "public"."IDX_81d8dce4ac7884ca741306ebbe"`);
    await queryRunner.query(`DROP TABLE "stored_completions"`);
  }
}
