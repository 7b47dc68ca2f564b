import type { MigrationInterface, QueryRunner } from 'typeorm';

export class AssistantsThreadsRuns1795234014988 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(
      `CREATE TABLE "assistants" ("id" text NOT NULL, "project_id" text NOT NULL, "sequence" BIGSERIAL NOT NULL, "created_at" TIMESTAMP(3) WITH TIME ZONE NOT NULL DEFAULT now(), "name" text, "description" text, "model" text NOT NULL, "instructions" text, "tools" jsonb NOT NULL, "tool_resources" jsonb NOT NULL, "file_ids" jsonb NOT NULL, "metadata" jsonb NOT NULL, "temperature" double precision, "top_p" double precision, "response_format" jsonb, "reasoning_effort" text, CONSTRAINT "PK_640d8c25456e38fc20f6081d754" PRIMARY KEY ("id"))`,
    );
    await queryRunner.query(
      `CREATE INDEX "IDX_c6262b330e30769b32e869132a" ON "assistants"  ("project_id", "sequence") `,
    );
    await queryRunner.query(
      `CREATE TABLE "run_steps" ("id" text NOT NULL, "project_id" text NOT NULL, "sequence" BIGSERIAL NOT NULL, "created_at" TIMESTAMP(3) WITH TIME ZONE NOT NULL DEFAULT now(), "run_id" text NOT NULL, "thread_id" text NOT NULL, "assistant_id" text NOT NULL, "type" text NOT NULL, "status" text NOT NULL, "message_id" text, "tool_calls" jsonb NOT NULL, "last_error" jsonb, "expired_at" TIMESTAMP(3) WITH TIME ZONE, "cancelled_at" TIMESTAMP(3) WITH TIME ZONE, "failed_at" TIMESTAMP(3) WITH TIME ZONE, "completed_at" TIMESTAMP(3) WITH TIME ZONE, "metadata" jsonb NOT NULL, "usage" jsonb, CONSTRAINT "PK_2715c16961bdba2e3f7632da164" PRIMARY KEY ("id"))`,
    );
    await queryRunner.query(
      `CREATE INDEX "IDX_02e7741b7a9bd1b60a7b66d990" ON "run_steps"  ("project_id", "sequence") `,
    );
    await queryRunner.query(`CREATE INDEX "IDX_c925f43a31b2a6c078a6a154e7" ON "run_steps"  ("run_id", "sequence") `);
    await queryRunner.query(
      `CREATE TABLE "runs" ("id" text NOT NULL, "project_id" text NOT NULL, "sequence" BIGSERIAL NOT NULL, "created_at" TIMESTAMP(3) WITH TIME ZONE NOT NULL DEFAULT now(), "thread_id" text NOT NULL, "assistant_id" text NOT NULL, "status" text NOT NULL, "required_calls" jsonb, "last_error" jsonb, "incomplete_reason" text, "expires_at" TIMESTAMP(3) WITH TIME ZONE, "started_at" TIMESTAMP(3) WITH TIME ZONE, "cancelled_at" TIMESTAMP(3) WITH TIME ZONE, "failed_at" TIMESTAMP(3) WITH TIME ZONE, "completed_at" TIMESTAMP(3) WITH TIME ZONE, "model" text NOT NULL, "instructions" text, "tools" jsonb NOT NULL, "tool_resources" jsonb NOT NULL, "metadata" jsonb NOT NULL, "usage" jsonb, "temperature" double precision, "top_p" double precision, "max_prompt_tokens" integer, "max_completion_tokens" integer, "truncation_strategy" jsonb NOT NULL, "tool_choice" jsonb NOT NULL, "parallel_tool_calls" boolean NOT NULL, "response_format" jsonb NOT NULL, "reasoning_effort" text, "lease_owner" text, "lease_expires_at" TIMESTAMP(3) WITH TIME ZONE, "claims" integer NOT NULL DEFAULT '0', CONSTRAINT "PK_46d6a1e257c38ba58f1a3c30836" PRIMARY KEY ("id"))`,
    );
    await queryRunner.query(`CREATE INDEX "IDX_b71dd26da9d88770c716f460e1" ON "runs"  ("project_id", "sequence") `);
    await queryRunner.query(
      `CREATE INDEX "active_runs" ON "runs"  ("status", "lease_expires_at") WHERE "status" IN ('queued', 'in_progress', 'requires_action', 'cancelling')`,
    );
    await queryRunner.query(
      `CREATE UNIQUE INDEX "one_active_run_a_thread" ON "runs"  ("thread_id") WHERE "status" IN ('queued', 'in_progress', 'requires_action', 'cancelling')`,
    );
    await queryRunner.query(`CREATE INDEX "IDX_bfc907434be3eeca4a5d1b246b" ON "runs"  ("thread_id", "sequence") `);
    await queryRunner.query(
      `CREATE TABLE "messages" ("id" text NOT NULL, "project_id" text NOT NULL, "sequence" BIGSERIAL NOT NULL, "created_at" TIMESTAMP(3) WITH TIME ZONE NOT NULL DEFAULT now(), "thread_id" text NOT NULL, "role" text NOT NULL, "status" text NOT NULL, "incomplete_reason" text, "completed_at" TIMESTAMP(3) WITH TIME ZONE, "incomplete_at" TIMESTAMP(3) WITH TIME ZONE, "content" jsonb NOT NULL, "assistant_id" text, "run_id" text, "attachments" jsonb NOT NULL, "file_ids" jsonb NOT NULL, "metadata" jsonb NOT NULL, CONSTRAINT "PK_18325f38ae6de43878487eff986" PRIMARY KEY ("id"))`,
    );
    await queryRunner.query(`CREATE INDEX "IDX_e58d166ad6dade12fd4bdbbf58" ON "messages"  ("project_id", "sequence") `);
    await queryRunner.query(`CREATE INDEX "IDX_99d0071b85819c7f273994b7d0" ON "messages"  ("thread_id", "sequence") `);
    await queryRunner.query(
      `CREATE TABLE "threads" ("id" text NOT NULL, "project_id" text NOT NULL, "sequence" BIGSERIAL NOT NULL, "created_at" TIMESTAMP(3) WITH TIME ZONE NOT NULL DEFAULT now(), "tool_resources" jsonb NOT NULL, "file_ids" jsonb NOT NULL, "metadata" jsonb NOT NULL, "active_run_id" text, CONSTRAINT "PK_d8a74804c34fc3900502cd27275" PRIMARY KEY ("id"))`,
    );
    await queryRunner.query(`CREATE INDEX "IDX_cd8541de59da05951f218aff4e" ON "threads"  ("project_id", "sequence") `);
    await queryRunner.query(
      `ALTER TABLE "assistants" ADD CONSTRAINT "FK_e3040e6d6f525c88859010949db" FOREIGN KEY ("project_id") REFERENCES "projects"("id") ON DELETE CASCADE ON UPDATE NO ACTION`,
    );
    await queryRunner.query(
      `ALTER TABLE "run_steps" ADD CONSTRAINT "FK_7f6526c62f033b0b92cbea2b802" FOREIGN KEY ("run_id") REFERENCES "runs"("id") ON DELETE CASCADE ON UPDATE NO ACTION`,
    );
    await queryRunner.query(
      `ALTER TABLE "runs" ADD CONSTRAINT "FK_f8638c178760a9b4a8ce6f8e68c" FOREIGN KEY ("thread_id") REFERENCES "threads"("id") ON DELETE CASCADE ON UPDATE NO ACTION`,
    );
    await queryRunner.query(
      `ALTER TABLE "messages" ADD CONSTRAINT "FK_bb3af7f695d50083e6523290d41" FOREIGN KEY ("thread_id") REFERENCES "threads"("id") ON DELETE CASCADE ON UPDATE NO ACTION`,
    );
    await queryRunner.query(
      `ALTER TABLE "threads" ADD CONSTRAINT "FK_504aaac9a1c022ea7af8141b10c" FOREIGN KEY ("project_id") REFERENCES "projects"("id") ON DELETE CASCADE ON UPDATE NO ACTION`,
    );
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`ALTER TABLE "threads" DROP CONSTRAINT "FK_504aaac9a1c022ea7af8141b10c"`);
    await queryRunner.query(`ALTER TABLE "messages" DROP CONSTRAINT "FK_bb3af7f695d50083e6523290d41"`);
    await queryRunner.query(`ALTER TABLE "runs" DROP CONSTRAINT "FK_f8638c178760a9b4a8ce6f8e68c"`);
    await queryRunner.query(`ALTER TABLE "run_steps" DROP CONSTRAINT "FK_7f6526c62f033b0b92cbea2b802"`);
    await queryRunner.query(`ALTER TABLE "assistants" DROP CONSTRAINT "FK_e3040e6d6f525c88859010949db"`);
    await queryRunner.query(`DROP INDEX "public"."IDX_cd8541de59da05951f218aff4e"`);
    await queryRunner.query(`DROP TABLE "threads"`);
    await queryRunner.query(`DROP INDEX "public"."IDX_99d0071b85819c7f273994b7d0"`);
    await queryRunner.query(`DROP INDEX "public"."IDX_e58d166ad6dade12fd4bdbbf58"`);
    await queryRunner.query(`DROP TABLE "messages"`);
    await queryRunner.query(`DROP INDEX "public"."IDX_bfc907434be3eeca4a5d1b246b"`);
    await queryRunner.query(`DROP INDEX "public"."one_active_run_a_thread"`);
    await queryRunner.query(`DROP INDEX "public"."active_runs"`);
    await queryRunner.query(`DROP INDEX "public"."IDX_b71dd26da9d88770c716f460e1"`);
    await queryRunner.query(`DROP TABLE "runs"`);
    await queryRunner.query(`DROP INDEX "public"."IDX_c925f43a31b2a6c078a6a154e7"`);
    await queryRunner.query(`DROP INDEX "public"."IDX_02e7741b7a9bd1b60a7b66d990"`);
    await queryRunner.query(`DROP TABLE "run_steps"`);
    await queryRunner.query(`DROP INDEX "public"."IDX_c6262b330e30769b32e869132a"`);
    await queryRunner.query(`DROP TABLE "assistants"`);
  }
}
