import type { MigrationInterface, QueryRunner } from 'typeorm';

export class ChunkIndex1795830799351 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(
      `CREATE TABLE "embeddings" ("project_id" text NOT NULL, "model" text NOT NULL, "hash" bytea NOT NULL, "vector" bytea NOT NULL, "created_at" TIMESTAMP(3) WITH TIME ZONE NOT NULL DEFAULT now(), CONSTRAINT "PK_5e5eab83700cf7ec0ba551f977e" PRIMARY KEY ("project_id", "model", "hash"))`,
    );
    await queryRunner.query(
      `CREATE TABLE "index_chunks" ("store" integer NOT NULL, "number" integer NOT NULL, "first_chunk" integer NOT NULL, "text" text NOT NULL, "start_offset" integer NOT NULL, "tokens" integer NOT NULL, "page" integer, "headings" jsonb NOT NULL, "sketch" bytea NOT NULL, CONSTRAINT "PK_277a45ef1d9187b1da6f532aeb4" PRIMARY KEY ("store", "number"))`,
    );
    await queryRunner.query(
      `CREATE TABLE "index_files" ("store" integer NOT NULL, "first_chunk" integer NOT NULL, "chunks" integer NOT NULL, "file_id" text NOT NULL, "filename" text NOT NULL, "attributes" jsonb NOT NULL, "state" text NOT NULL, CONSTRAINT "index_files_state" CHECK ("state" IN ('writing', 'live', 'gone')), CONSTRAINT "PK_b7076cbd251dcf7e3e589763fe5" PRIMARY KEY ("store", "first_chunk"))`,
    );
    await queryRunner.query(
      `CREATE UNIQUE INDEX "index_files_one_live" ON "index_files"  ("store", "file_id") WHERE "state" = 'live'`,
    );
    await queryRunner.query(`CREATE INDEX "index_files_hidden" ON "index_files"  ("store") WHERE "state" <> 'live'`);
    await queryRunner.query(
      `CREATE TABLE "index_postings" ("store" integer NOT NULL, "term" text COLLATE "C" NOT NULL, "piece" integer NOT NULL, "fresh" boolean NOT NULL, "data" bytea NOT NULL, CONSTRAINT "PK_c0bc11faaa40723338a40822c78" PRIMARY KEY ("store", "term", "piece"))`,
    );
    await queryRunner.query(`CREATE INDEX "index_postings_fresh" ON "index_postings"  ("store", "term") WHERE "fresh"`);
    await queryRunner.query(
      `CREATE TABLE "index_stores" ("number" SERIAL NOT NULL, "project_id" text, "vector_store_id" text NOT NULL, "size" integer NOT NULL DEFAULT '0', "chunks" integer NOT NULL DEFAULT '0', "fresh_pieces" integer NOT NULL DEFAULT '0', "embedding_model" text, "dimensions" integer, CONSTRAINT "UQ_5a1c89b4756e12366c9a3d6626b" UNIQUE ("project_id", "vector_store_id"), CONSTRAINT "PK_d41e2fd58652223cb56697c1af1" PRIMARY KEY ("number"))`,
    );
    await queryRunner.query(
      `ALTER TABLE "embeddings" ADD CONSTRAINT "FK_5521208ff7e09d55eabcb9d9cee" FOREIGN KEY ("project_id") REFERENCES "projects"("id") ON DELETE CASCADE ON UPDATE NO ACTION`,
    );
    await queryRunner.query(
      `ALTER TABLE "index_files" ADD CONSTRAINT "FK_c7e4db1a72b8b1ff45db644f81a" FOREIGN KEY ("store") REFERENCES "index_stores"("number") ON DELETE CASCADE ON UPDATE NO ACTION`,
    );
    await queryRunner.query(
      `ALTER TABLE "index_stores" ADD CONSTRAINT "FK_c9cfb77ce5c6e32194730278bd5" FOREIGN KEY ("project_id") REFERENCES "projects"("id") ON DELETE SET NULL ON UPDATE NO ACTION`,
    );
    // Rows stay whole in their page up to its size: parts kept elsewhere take a search longer to collect.
    for (const table of ['index_chunks', 'index_postings']) {
      await queryRunner.query(`ALTER TABLE "${table}" SET (toast_tuple_target = 8160)`);
    }
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`ALTER TABLE "index_stores" DROP CONSTRAINT "FK_c9cfb77ce5c6e32194730278bd5"`);
    await queryRunner.query(`ALTER TABLE "index_files" DROP CONSTRAINT "FK_c7e4db1a72b8b1ff45db644f81a"`);
    await queryRunner.query(`ALTER TABLE "embeddings" DROP CONSTRAINT "FK_5521208ff7e09d55eabcb9d9cee"`);
    await queryRunner.query(`DROP TABLE "index_stores"`);
    await queryRunner.query(`DROP INDEX "public"."index_postings_fresh"`);
    await queryRunner.query(`DROP TABLE "index_postings"`);
    await queryRunner.query(`DROP INDEX "public"."index_files_hidden"`);
    await queryRunner.query(`DROP INDEX "public"."index_files_one_live"`);
    await queryRunner.query(`DROP TABLE "index_files"`);
    await queryRunner.query(`DROP TABLE "index_chunks"`);
    await queryRunner.query(`DROP TABLE "embeddings"`);
  }
}
