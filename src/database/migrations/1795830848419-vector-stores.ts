import type { MigrationInterface, QueryRunner } from 'typeorm';

export class VectorStores1795830848419 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await createTables(queryRunner);
    await queryRunner.query(
      `ALTER TABLE "vector_store_chunk_sets" ADD CONSTRAINT "FK_df7c665691d1946233ffe32fe6b" FOREIGN KEY ("store_file_id") REFERENCES "vector_store_files"("id") ON DELETE SET NULL ON UPDATE NO ACTION`,
    );
    await queryRunner.query(
      `ALTER TABLE "vector_store_file_batches" ADD CONSTRAINT "FK_93faeee15f491bee8abb03b68f3" FOREIGN KEY ("vector_store_id") REFERENCES "vector_stores"("id") ON DELETE CASCADE ON UPDATE NO ACTION`,
    );
    await queryRunner.query(
      `ALTER TABLE "vector_store_files" ADD CONSTRAINT "FK_5432d1c95480286ad2f20f018d7" FOREIGN KEY ("vector_store_id") REFERENCES "vector_stores"("id") ON DELETE CASCADE ON UPDATE NO ACTION`,
    );
    await queryRunner.query(
      `ALTER TABLE "vector_store_files" ADD CONSTRAINT "FK_086fc493d458f1a80ec6aee0832" FOREIGN KEY ("file_id") REFERENCES "files"("id") ON DELETE CASCADE ON UPDATE NO ACTION`,
    );
    await queryRunner.query(
      `ALTER TABLE "vector_stores" ADD CONSTRAINT "FK_9eb3155622ab6ef559010cd9cb9" FOREIGN KEY ("project_id") REFERENCES "projects"("id") ON DELETE CASCADE ON UPDATE NO ACTION`,
    );
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`ALTER TABLE "vector_stores" DROP CONSTRAINT "FK_9eb3155622ab6ef559010cd9cb9"`);
    await queryRunner.query(`ALTER TABLE "vector_store_files" DROP CONSTRAINT "FK_086fc493d458f1a80ec6aee0832"`);
    await queryRunner.query(`ALTER TABLE "vector_store_files" DROP CONSTRAINT "FK_5432d1c95480286ad2f20f018d7"`);
    await queryRunner.query(`ALTER TABLE "vector_store_file_batches" DROP CONSTRAINT "FK_93faeee15f491bee8abb03b68f3"`);
    await queryRunner.query(`ALTER TABLE "vector_store_chunk_sets" DROP CONSTRAINT "FK_df7c665691d1946233ffe32fe6b"`);
    await queryRunner.query(`DROP INDEX "public"."IDX_64859bb3e0e02ad5484bc80d7a"`);
    await queryRunner.query(`DROP INDEX "public"."IDX_8fac48ff965f5dfcecd73b2cd2"`);
    await queryRunner.query(`DROP TABLE "vector_stores"`);
    await queryRunner.query(`DROP INDEX "public"."IDX_00a07ce7f320cf49a78f1d1cdb"`);
    await queryRunner.query(`DROP INDEX "public"."IDX_37265c052f6f373873907b05b8"`);
    await queryRunner.query(`DROP INDEX "public"."IDX_123a024f0709783c340ac6cc43"`);
    await queryRunner.query(`DROP INDEX "public"."files_to_ingest"`);
    await queryRunner.query(`DROP INDEX "public"."files_to_ingest_of_project"`);
    await queryRunner.query(`DROP INDEX "public"."IDX_086fc493d458f1a80ec6aee083"`);
    await queryRunner.query(`DROP INDEX "public"."IDX_6a2669cdf531fcf9e4bd362a7d"`);
    await queryRunner.query(`DROP TABLE "vector_store_files"`);
    await queryRunner.query(`DROP INDEX "public"."IDX_93faeee15f491bee8abb03b68f"`);
    await queryRunner.query(`DROP INDEX "public"."IDX_53529171279bb59738c4f33843"`);
    await queryRunner.query(`DROP TABLE "vector_store_file_batches"`);
    await queryRunner.query(`DROP INDEX "public"."one_chunk_set_a_file"`);
    await queryRunner.query(`DROP INDEX "public"."useless_chunk_sets"`);
    await queryRunner.query(`DROP INDEX "public"."IDX_f3ae49b933af2b67801b6fa096"`);
    await queryRunner.query(`DROP INDEX "public"."IDX_2cee2cd6674581587de8d01e03"`);
    await queryRunner.query(`DROP TABLE "vector_store_chunk_sets"`);
  }
}

async function createTables(queryRunner: QueryRunner): Promise<void> {
  await queryRunner.query(
    `CREATE TABLE "vector_store_chunk_sets" ("id" text NOT NULL, "project_id" text NOT NULL, "sequence" BIGSERIAL NOT NULL, "created_at" TIMESTAMP(3) WITH TIME ZONE NOT NULL DEFAULT now(), "vector_store_id" text NOT NULL, "store_file_id" text, "lease_expires_at" TIMESTAMP(3) WITH TIME ZONE NOT NULL, CONSTRAINT "PK_b23abfa0b9e1dfdf6eafb02c400" PRIMARY KEY ("id"))`,
  );
  await queryRunner.query(
    `CREATE INDEX "IDX_2cee2cd6674581587de8d01e03" ON "vector_store_chunk_sets"  ("project_id", "sequence") `,
  );
  await queryRunner.query(
    `CREATE INDEX "IDX_f3ae49b933af2b67801b6fa096" ON "vector_store_chunk_sets"  ("vector_store_id") `,
  );
  await queryRunner.query(
    `CREATE INDEX "useless_chunk_sets" ON "vector_store_chunk_sets"  ("lease_expires_at") WHERE "store_file_id" IS NULL`,
  );
  await queryRunner.query(
    `CREATE UNIQUE INDEX "one_chunk_set_a_file" ON "vector_store_chunk_sets"  ("store_file_id") `,
  );
  await queryRunner.query(
    `CREATE TABLE "vector_store_file_batches" ("id" text NOT NULL, "project_id" text NOT NULL, "sequence" BIGSERIAL NOT NULL, "created_at" TIMESTAMP(3) WITH TIME ZONE NOT NULL DEFAULT now(), "vector_store_id" text NOT NULL, "cancelled_at" TIMESTAMP(3) WITH TIME ZONE, CONSTRAINT "PK_21d78c880eb05cb582a3e04ae1a" PRIMARY KEY ("id"))`,
  );
  await queryRunner.query(
    `CREATE INDEX "IDX_53529171279bb59738c4f33843" ON "vector_store_file_batches"  ("project_id", "sequence") `,
  );
  await queryRunner.query(
    `CREATE INDEX "IDX_93faeee15f491bee8abb03b68f" ON "vector_store_file_batches"  ("vector_store_id") `,
  );
  await queryRunner.query(
    `CREATE TABLE "vector_store_files" ("id" text NOT NULL, "project_id" text NOT NULL, "sequence" BIGSERIAL NOT NULL, "created_at" TIMESTAMP(3) WITH TIME ZONE NOT NULL DEFAULT now(), "vector_store_id" text NOT NULL, "file_id" text NOT NULL, "batch_id" text, "status" text NOT NULL, "last_error" jsonb, "chunking" jsonb NOT NULL, "attributes" jsonb NOT NULL, "usage_bytes" bigint NOT NULL, "progress" integer NOT NULL, "document_metadata" jsonb, "turn" bigint NOT NULL, "lease_owner" text, "lease_expires_at" TIMESTAMP(3) WITH TIME ZONE, "claims" integer NOT NULL, "retry_at" TIMESTAMP(3) WITH TIME ZONE, CONSTRAINT "vector_store_files_status" CHECK ("status" IN ('in_progress', 'completed', 'cancelled', 'failed')), CONSTRAINT "PK_ecbb1e0f9143bbf6bccce7811b1" PRIMARY KEY ("id"))`,
  );
  await queryRunner.query(
    `CREATE INDEX "IDX_6a2669cdf531fcf9e4bd362a7d" ON "vector_store_files"  ("project_id", "sequence") `,
  );
  await queryRunner.query(`CREATE INDEX "IDX_086fc493d458f1a80ec6aee083" ON "vector_store_files"  ("file_id") `);
  await queryRunner.query(
    `CREATE INDEX "files_to_ingest_of_project" ON "vector_store_files"  ("project_id", "turn") WHERE "status" = 'in_progress'`,
  );
  await queryRunner.query(
    `CREATE INDEX "files_to_ingest" ON "vector_store_files"  ("turn", "sequence") WHERE "status" = 'in_progress'`,
  );
  await queryRunner.query(
    `CREATE INDEX "IDX_123a024f0709783c340ac6cc43" ON "vector_store_files"  ("batch_id", "status") `,
  );
  await queryRunner.query(
    `CREATE INDEX "IDX_37265c052f6f373873907b05b8" ON "vector_store_files"  ("vector_store_id", "status", "usage_bytes") `,
  );
  await queryRunner.query(
    `CREATE INDEX "IDX_00a07ce7f320cf49a78f1d1cdb" ON "vector_store_files"  ("vector_store_id", "sequence") `,
  );
  await queryRunner.query(
    `CREATE TABLE "vector_stores" ("id" text NOT NULL, "project_id" text NOT NULL, "sequence" BIGSERIAL NOT NULL, "created_at" TIMESTAMP(3) WITH TIME ZONE NOT NULL DEFAULT now(), "name" text, "description" text, "metadata" jsonb NOT NULL, "expires_after_days" integer, "last_active_at" TIMESTAMP(3) WITH TIME ZONE NOT NULL, "expires_at" TIMESTAMP(3) WITH TIME ZONE, CONSTRAINT "PK_6b261f696bb51ec2d67e2e2d332" PRIMARY KEY ("id"))`,
  );
  await queryRunner.query(
    `CREATE INDEX "IDX_8fac48ff965f5dfcecd73b2cd2" ON "vector_stores"  ("project_id", "sequence") `,
  );
  await queryRunner.query(`CREATE INDEX "IDX_64859bb3e0e02ad5484bc80d7a" ON "vector_stores"  ("expires_at") `);
}
