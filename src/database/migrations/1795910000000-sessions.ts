import type { MigrationInterface, QueryRunner } from 'typeorm';

export class Sessions1795910000000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(
      `CREATE TABLE "session_messages" ("id" text NOT NULL, "project_id" text NOT NULL, "sequence" BIGSERIAL NOT NULL, "created_at" TIMESTAMP(3) WITH TIME ZONE NOT NULL DEFAULT now(), "session_id" text NOT NULL, "message" json NOT NULL, "bytes" integer NOT NULL, CONSTRAINT "PK_25b3c73b5dd210b40ce5c02ce20" PRIMARY KEY ("id"))`,
    );
    await queryRunner.query(
      `CREATE INDEX "IDX_8559165cd5dab5d7fdbc65e96a" ON "session_messages"  ("project_id", "sequence") `,
    );
    await queryRunner.query(
      `CREATE INDEX "IDX_66772a1f557b9d3ba99a46789e" ON "session_messages"  ("session_id", "sequence") `,
    );
    await queryRunner.query(
      `CREATE TABLE "sessions" ("id" text NOT NULL, "project_id" text NOT NULL, "sequence" BIGSERIAL NOT NULL, "created_at" TIMESTAMP(3) WITH TIME ZONE NOT NULL DEFAULT now(), "agent_type" text, "instructions" json NOT NULL, "message_count" integer NOT NULL, "last_code_call" text, CONSTRAINT "PK_3238ef96f18b355b671619111bc" PRIMARY KEY ("id"))`,
    );
    await queryRunner.query(`CREATE INDEX "IDX_8e8b4c6bc8da189e09e908b233" ON "sessions"  ("project_id", "sequence") `);
    await queryRunner.query(
      `ALTER TABLE "session_messages" ADD CONSTRAINT "FK_5c76ae848db745693cebc00aed5" FOREIGN KEY ("session_id") REFERENCES "sessions"("id") ON DELETE CASCADE ON UPDATE NO ACTION`,
    );
    await queryRunner.query(
      `ALTER TABLE "sessions" ADD CONSTRAINT "FK_d9ea2f57c99bf176e702f2d3aef" FOREIGN KEY ("project_id") REFERENCES "projects"("id") ON DELETE CASCADE ON UPDATE NO ACTION`,
    );
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`ALTER TABLE "sessions" DROP CONSTRAINT "FK_d9ea2f57c99bf176e702f2d3aef"`);
    await queryRunner.query(`ALTER TABLE "session_messages" DROP CONSTRAINT "FK_5c76ae848db745693cebc00aed5"`);
    await queryRunner.query(`DROP INDEX "public"."IDX_8e8b4c6bc8da189e09e908b233"`);
    await queryRunner.query(`DROP TABLE "sessions"`);
    await queryRunner.query(`DROP INDEX "public"."IDX_66772a1f557b9d3ba99a46789e"`);
    await queryRunner.query(`DROP INDEX "public"."IDX_8559165cd5dab5d7fdbc65e96a"`);
    await queryRunner.query(`DROP TABLE "session_messages"`);
  }
}
