import type { MigrationInterface, QueryRunner } from 'typeorm';

export class Files1795233855148 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(
      `CREATE TABLE "files" ("id" text NOT NULL, "project_id" text NOT NULL, "sequence" BIGSERIAL NOT NULL, "created_at" TIMESTAMP(3) WITH TIME ZONE NOT NULL DEFAULT now(), "filename" text NOT NULL, "bytes" bigint NOT NULL, "purpose" text NOT NULL, "status" text NOT NULL, "sha256" text NOT NULL, "mime_type" text, "expires_at" TIMESTAMP(3) WITH TIME ZONE, "blob_key" text NOT NULL, CONSTRAINT "UQ_f869fa9beced4017837e759f566" UNIQUE ("blob_key"), CONSTRAINT "PK_6c16b9093a142e0e7613b04a3d9" PRIMARY KEY ("id"))`,
    );
    await queryRunner.query(`CREATE INDEX "IDX_738d2f16a5961f6b6622d79039" ON "files"  ("project_id", "sequence") `);
    await queryRunner.query(`CREATE INDEX "IDX_c3351d130d1f6a1ec0f694f0d2" ON "files"  ("expires_at") `);
    await queryRunner.query(
      `CREATE INDEX "IDX_da879d99771c98bd8ac92ccb46" ON "files"  ("project_id", "purpose", "sequence") `,
    );
    await queryRunner.query(
      `CREATE TABLE "workspace_files" ("id" text NOT NULL, "project_id" text NOT NULL, "sequence" BIGSERIAL NOT NULL, "created_at" TIMESTAMP(3) WITH TIME ZONE NOT NULL DEFAULT now(), "workspace_id" text NOT NULL, "file_id" text NOT NULL, "name" text NOT NULL, "kind" text NOT NULL, CONSTRAINT "UQ_eb9f3b6665819eb9ef8d3d5453b" UNIQUE ("workspace_id", "project_id", "kind", "name"), CONSTRAINT "workspace_files_kind" CHECK ("kind" IN ('uploaded', 'generated')), CONSTRAINT "PK_65e3d72d4c4ddbd29a44ad8d1c5" PRIMARY KEY ("id"))`,
    );
    await queryRunner.query(
      `CREATE INDEX "IDX_f2660ffa022da989eb314941c0" ON "workspace_files"  ("project_id", "sequence") `,
    );
    await queryRunner.query(`CREATE INDEX "IDX_fbecff867ffb6a4c79dc1d2268" ON "workspace_files"  ("file_id") `);
    await queryRunner.query(
      `ALTER TABLE "files" ADD CONSTRAINT "FK_b3c17c323fdc479a109e517f138" FOREIGN KEY ("project_id") REFERENCES "projects"("id") ON DELETE CASCADE ON UPDATE NO ACTION`,
    );
    await queryRunner.query(
      `ALTER TABLE "workspace_files" ADD CONSTRAINT "FK_5c7649f0e6cf61573b8172d49da" FOREIGN KEY ("project_id") REFERENCES "projects"("id") ON DELETE CASCADE ON UPDATE NO ACTION`,
    );
    await queryRunner.query(
      `ALTER TABLE "workspace_files" ADD CONSTRAINT "FK_fbecff867ffb6a4c79dc1d2268a" FOREIGN KEY ("file_id") REFERENCES "files"("id") ON DELETE CASCADE ON UPDATE NO ACTION`,
    );
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`ALTER TABLE "workspace_files" DROP CONSTRAINT "FK_fbecff867ffb6a4c79dc1d2268a"`);
    await queryRunner.query(`ALTER TABLE "workspace_files" DROP CONSTRAINT "FK_5c7649f0e6cf61573b8172d49da"`);
    await queryRunner.query(`ALTER TABLE "files" DROP CONSTRAINT "FK_b3c17c323fdc479a109e517f138"`);
    await queryRunner.query(`DROP INDEX "public"."IDX_fbecff867ffb6a4c79dc1d2268"`);
    await queryRunner.query(`DROP INDEX "public"."IDX_f2660ffa022da989eb314941c0"`);
    await queryRunner.query(`DROP TABLE "workspace_files"`);
    await queryRunner.query(`DROP INDEX "public"."IDX_da879d99771c98bd8ac92ccb46"`);
    await queryRunner.query(`DROP INDEX "public"."IDX_c3351d130d1f6a1ec0f694f0d2"`);
    await queryRunner.query(`DROP INDEX "public"."IDX_738d2f16a5961f6b6622d79039"`);
    await queryRunner.query(`DROP TABLE "files"`);
  }
}
