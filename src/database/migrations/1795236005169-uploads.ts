import type { MigrationInterface, QueryRunner } from 'typeorm';

export class Uploads1795236005169 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(
      `CREATE TABLE "upload_parts" ("id" text NOT NULL, "project_id" text NOT NULL, "sequence" BIGSERIAL NOT NULL, "created_at" TIMESTAMP(3) WITH TIME ZONE NOT NULL DEFAULT now(), "upload_id" text NOT NULL, "bytes" bigint NOT NULL, CONSTRAINT "PK_c30e5bea8d9b5f4805eac5b104a" PRIMARY KEY ("id"))`,
    );
    await queryRunner.query(
      `CREATE INDEX "IDX_25ef414ef9b2c4daf5cd87b843" ON "upload_parts"  ("project_id", "sequence") `,
    );
    await queryRunner.query(`CREATE INDEX "IDX_2f0a6b007be9387d62a3e08754" ON "upload_parts"  ("upload_id") `);
    await queryRunner.query(
      `CREATE TABLE "uploads" ("id" text NOT NULL, "project_id" text NOT NULL, "sequence" BIGSERIAL NOT NULL, "created_at" TIMESTAMP(3) WITH TIME ZONE NOT NULL DEFAULT now(), "filename" text NOT NULL, "purpose" text NOT NULL, "bytes" bigint NOT NULL, "mime_type" text NOT NULL, "status" text NOT NULL, "expires_at" TIMESTAMP(3) WITH TIME ZONE NOT NULL, "file_life_seconds" integer, "file_id" text, CONSTRAINT "uploads_status" CHECK ("status" IN ('pending', 'completed', 'cancelled', 'expired')), CONSTRAINT "PK_d1781d1eedd7459314f60f39bd3" PRIMARY KEY ("id"))`,
    );
    await queryRunner.query(`CREATE INDEX "IDX_e290e38f05826c1e2611d2fd7a" ON "uploads"  ("project_id", "sequence") `);
    await queryRunner.query(`CREATE INDEX "IDX_66acccec72965b66689b8e44de" ON "uploads"  ("status", "expires_at") `);
    await queryRunner.query(
      `ALTER TABLE "upload_parts" ADD CONSTRAINT "FK_2f0a6b007be9387d62a3e087547" FOREIGN KEY ("upload_id") REFERENCES "uploads"("id") ON DELETE CASCADE ON UPDATE NO ACTION`,
    );
    await queryRunner.query(
      `ALTER TABLE "uploads" ADD CONSTRAINT "FK_d7a1acd0e95a7a65c8aac1a1c54" FOREIGN KEY ("project_id") REFERENCES "projects"("id") ON DELETE CASCADE ON UPDATE NO ACTION`,
    );
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`ALTER TABLE "uploads" DROP CONSTRAINT "FK_d7a1acd0e95a7a65c8aac1a1c54"`);
    await queryRunner.query(`ALTER TABLE "upload_parts" DROP CONSTRAINT "FK_2f0a6b007be9387d62a3e087547"`);
    await queryRunner.query(`DROP INDEX "public"."IDX_66acccec72965b66689b8e44de"`);
    await queryRunner.query(`DROP INDEX "public"."IDX_e290e38f05826c1e2611d2fd7a"`);
    await queryRunner.query(`DROP TABLE "uploads"`);
    await queryRunner.query(`DROP INDEX "public"."IDX_2f0a6b007be9387d62a3e08754"`);
    await queryRunner.query(`DROP INDEX "public"."IDX_25ef414ef9b2c4daf5cd87b843"`);
    await queryRunner.query(`DROP TABLE "upload_parts"`);
  }
}
