import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A chunk as results show it. No foreign keys: a check for each of a million rows is felt. */
@Entity('index_chunks')
export class IndexChunkEntity {
  @PrimaryColumn('integer')
  store: number;

  /** Its number in the store. */
  @PrimaryColumn('integer')
  number: number;

  /** Number of its file's first chunk. */
  @Column('integer', { name: 'first_chunk' })
  firstChunk: number;

  @Column('text')
  text: string;

  /** UTF-16 offset into the document's text; the end follows from the length of `text`. */
  @Column('integer', { name: 'start_offset' })
  start: number;

  @Column('integer')
  tokens: number;

  @Column('integer', { nullable: true })
  page: number | null;

  @Column('jsonb')
  headings: string[];

  /** Where its terms stand: see `Sketch`. */
  @Column('bytea')
  sketch: Buffer;
}
