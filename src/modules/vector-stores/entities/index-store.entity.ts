import { Column, Entity, JoinColumn, ManyToOne, PrimaryGeneratedColumn, Unique, type Relation } from 'typeorm';

/** A vector store as the index knows it. Everything else in the index bears its number instead of its long id. */
@Entity('index_stores')
@Unique(['projectId', 'vectorStoreId'])
export class IndexStoreEntity {
  @PrimaryGeneratedColumn({ type: 'integer' })
  number: number;

  /** Null once the store or its project is gone: what it has in the index belongs to nobody and is cleaned away. */
  @Column('text', { nullable: true, name: 'project_id' })
  projectId: string | null;

  @ManyToOne('ProjectEntity', { onDelete: 'SET NULL' })
  @JoinColumn({ name: 'project_id' })
  project?: Relation<object>;

  @Column('text', { name: 'vector_store_id' })
  vectorStoreId: string;

  /** Chunk numbers given out so far: all are below it. None is ever given out again. */
  @Column('integer', { default: 0 })
  size: number;

  /** Chunks that searches see. */
  @Column('integer', { default: 0 })
  chunks: number;

  /** Rises with every change of what searches see: of files, their chunks and their attributes. */
  @Column('integer', { default: 0 })
  version: number;

  /** Pieces of postings that were written since small ones were last joined. */
  @Column('integer', { default: 0, name: 'fresh_pieces' })
  freshPieces: number;

  /** What its vectors are made with; null where it has none. */
  @Column('text', { nullable: true, name: 'embedding_model' })
  embeddingModel: string | null;

  @Column('integer', { nullable: true })
  dimensions: number | null;
}
