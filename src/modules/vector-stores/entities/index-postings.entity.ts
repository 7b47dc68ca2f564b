import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** Which chunks of a store have a term, in one or several pieces. */
@Entity('index_postings')
@Index('index_postings_fresh', ['store', 'term'], { where: '"fresh"' })
export class IndexPostingsEntity {
  @PrimaryColumn('integer')
  store: number;

  @PrimaryColumn('text', { collation: 'C' })
  term: string;

  /** The lowest chunk number with which one of its runs begins. */
  @PrimaryColumn('integer')
  piece: number;

  /** Not joined with others yet. */
  @Column('boolean')
  fresh: boolean;

  /** Runs of postings, as libs/retrieval writes and reads them. */
  @Column('bytea')
  data: Buffer;
}
