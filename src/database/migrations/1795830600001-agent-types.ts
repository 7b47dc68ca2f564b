import type { MigrationInterface, QueryRunner } from 'typeorm';

export class AgentTypes1795830600001 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`ALTER TABLE "assistants" ADD "agent_type" text`);
    await queryRunner.query(`ALTER TABLE "runs" ADD "agent_type" text`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`ALTER TABLE "runs" DROP COLUMN "agent_type"`);
    await queryRunner.query(`ALTER TABLE "assistants" DROP COLUMN "agent_type"`);
  }
}
