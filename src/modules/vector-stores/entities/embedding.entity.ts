import { Column, CreateDateColumn, Entity, Index, JoinColumn, ManyToOne, PrimaryColumn, type Relation } from 'typeorm';

/** A text's vector, so that no text is embedded twice. Of one project: a shared one would tell who has a text. */
@Entity('embeddings')
export class EmbeddingEntity {
  @PrimaryColumn('text', { name: 'project_id' })
  projectId: string;

  @ManyToOne('ProjectEntity', { onDelete: 'CASCADE' })
  @JoinColumn({ name: 'project_id' })
  project?: Relation<object>;

  @PrimaryColumn('text')
  model: string;

  /** SHA-256 of the text in UTF-8. */
  @PrimaryColumn('bytea')
  hash: Buffer;

  /** Numbers of four bytes (IEEE 754), lowest byte first. */
  @Column('bytea')
  vector: Buffer;

  @Index('embeddings_by_age')
  @CreateDateColumn({ type: 'timestamptz', precision: 3, name: 'created_at' })
  createdAt: Date;
}
