import type { AgentType } from '@libs/agent';
import type { AssistantTool, Metadata, ReasoningEffort, ResponseFormatOption, ToolResources } from '@libs/openai-wire';
import { Column, Entity, JoinColumn, ManyToOne, type Relation } from 'typeorm';
import { TenantEntity } from '../../../database/columns.js';
import type { AssistantRecord } from '../assistants.types.js';

@Entity('assistants')
export class AssistantEntity extends TenantEntity implements AssistantRecord {
  @ManyToOne('ProjectEntity', { onDelete: 'CASCADE' })
  @JoinColumn({ name: 'project_id' })
  project?: Relation<object>;

  @Column('text', { nullable: true })
  name: string | null;

  @Column('text', { nullable: true })
  description: string | null;

  @Column('text')
  model: string;

  @Column('text', { nullable: true })
  instructions: string | null;

  @Column('jsonb')
  tools: AssistantTool[];

  @Column('jsonb', { name: 'tool_resources' })
  toolResources: ToolResources;

  @Column('jsonb', { name: 'file_ids' })
  fileIds: string[];

  @Column('jsonb')
  metadata: Metadata;

  @Column('double precision', { nullable: true })
  temperature: number | null;

  @Column('double precision', { nullable: true, name: 'top_p' })
  topP: number | null;

  @Column('jsonb', { nullable: true, name: 'response_format' })
  responseFormat: ResponseFormatOption | null;

  @Column('text', { nullable: true, name: 'reasoning_effort' })
  reasoningEffort: ReasoningEffort | null;

  @Column('text', { nullable: true, name: 'agent_type' })
  agentType: AgentType | null;
}
