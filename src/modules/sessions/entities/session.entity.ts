import type { AgentType } from '@libs/agent';
import { Column, Entity, JoinColumn, ManyToOne, type Relation } from 'typeorm';
import { TenantEntity } from '../../../database/columns.js';
import type { SessionMessage, SessionRecord } from '../sessions.types.js';

/** What clients wrote is `json` and not `jsonb`, which takes no NUL characters and no halves of surrogate pairs. */
@Entity('sessions')
export class SessionEntity extends TenantEntity implements SessionRecord {
  @ManyToOne('ProjectEntity', { onDelete: 'CASCADE' })
  @JoinColumn({ name: 'project_id' })
  project?: Relation<object>;

  @Column('text', { nullable: true, name: 'agent_type' })
  agentType: AgentType | null;

  @Column('json')
  instructions: SessionMessage[];

  @Column('integer', { name: 'message_count' })
  messageCount: number;

  @Column('text', { nullable: true, name: 'last_code_call' })
  lastCodeCall: string | null;
}
