import type { MigrationInterface, QueryRunner } from 'typeorm';

export class DeletedObjects1795232611590 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(
      `CREATE TABLE "deleted_objects" ("id" text NOT NULL, "project_id" text NOT NULL, "table_name" text NOT NULL, "scope" jsonb NOT NULL, "sequence" bigint NOT NULL, "deleted_at" TIMESTAMP(3) WITH TIME ZONE NOT NULL DEFAULT now(), CONSTRAINT "PK_c52cd60eb2a8da762717d9465f1" PRIMARY KEY ("id"))`,
    );
    await queryRunner.query(`CREATE INDEX "IDX_b176b07ac1e1dd393a1121342c" ON "deleted_objects"  ("deleted_at") `);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`DROP INDEX "public"."IDX_b176b07ac1e1dd393a1121342c"`);
    await queryRunner.query(`DROP TABLE "deleted_objects"`);
  }
}
