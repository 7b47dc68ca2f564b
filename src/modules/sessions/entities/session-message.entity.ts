import { Column, Entity, Index, JoinColumn, ManyToOne, type Relation } from 'typeorm';
import { TenantEntity } from '../../../database/columns.js';
import type { SessionMessage } from '../sessions.types.js';
import type { SessionEntity } from './session.entity.js';

@Entity('session_messages')
@Index(['sessionId', 'sequence'])
export class SessionMessageEntity extends TenantEntity {
  @Column('text', { name: 'session_id' })
  sessionId: string;

  @ManyToOne('SessionEntity', { onDelete: 'CASCADE' })
  @JoinColumn({ name: 'session_id' })
  session?: Relation<SessionEntity>;

  @Column('json')
  message: SessionMessage;

  /** Of the message as JSON: whoever reads many knows beforehand how much that is. */
  @Column('integer')
  bytes: number;
}
