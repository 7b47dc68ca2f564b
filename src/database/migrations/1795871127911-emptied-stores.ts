import type { MigrationInterface, QueryRunner } from 'typeorm';

export class EmptiedStores1795871127911 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`DROP INDEX "public"."IDX_64859bb3e0e02ad5484bc80d7a"`);
    await queryRunner.query(`ALTER TABLE "vector_stores" ADD "emptied_at" TIMESTAMP(3) WITH TIME ZONE`);
    await queryRunner.query(
      `CREATE INDEX "vector_stores_to_empty" ON "vector_stores"  ("expires_at") WHERE "emptied_at" IS NULL`,
    );
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`DROP INDEX "public"."vector_stores_to_empty"`);
    await queryRunner.query(`ALTER TABLE "vector_stores" DROP COLUMN "emptied_at"`);
    await queryRunner.query(
      `CREATE INDEX "IDX_64859bb3e0e02ad5484bc80d7a" ON "vector_stores" USING btree ("expires_at") `,
    );
  }
}
