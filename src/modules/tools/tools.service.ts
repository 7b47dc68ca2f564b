import { Injectable } from '@nestjs/common';
import { SourceList, type DataFile, type Grounding, type Tool } from '@libs/agent';
import type { AssistantTool } from '@libs/openai-wire';
import type { TenantScope } from '../../common/principal.js';
import { FilesService, WorkspaceFilesService } from '../files/index.js';
import { SandboxService, SandboxSessions } from '../sandbox/index.js';
import { FileDescriptions, VectorStoresService, type DescribedFile } from '../vector-stores/index.js';
import { BuiltInTools, nameTaken } from './built-in/built-in-tools.service.js';
import { codeInterpreterPrompt } from './code-interpreter-prompt.js';
import { CodeInterpreterTool } from './code-interpreter.tool.js';
import { CodeSession, type CodeHistory, type CodeWorkspace } from './code-session.js';
import { FileSearchTool, type Knowledge } from './file-search/file-search.tool.js';
import { fileFacts } from './file-facts.js';
import { REFUSAL, searchPrompt } from './file-search/search-prompts.js';
import { workspacePrompt, type PromptFile } from './workspace-prompt.js';
import { WorkspaceSync } from './workspace-sync.js';

/** The tools of one run or chat completion, ready to be called. */
export interface Toolbox {
  tools: Tool[];
  /** What the model is told of the tools' surroundings; empty if there is nothing to tell. */
  prompt: string;
  /** Files that links in answers may name: name in the workspace -> file id. */
  files: Map<string, string>;
  /** Files that lie ready for code: those that were uploaded. */
  dataFiles: DataFile[];
  /** What answers may cite. Absent where nothing can be searched, or answers may bear no citations. */
  sources?: SourceList;
  /** Present where only what was found may be told. */
  grounding?: Grounding;
  /** Ends whatever the tools hold. */
  dispose(): Promise<void>;
}

/** What tools know of the conversation that they work for. */
export interface Surroundings {
  /** Of a thread, whose interpreter stays when the tools go. */
  history?: CodeHistory;
  /** What may be searched. Absent: there is no search. */
  knowledge?: Knowledge;
}

const MOST_DESCRIBED = 10;

@Injectable()
export class ToolsService {
  constructor(
    private readonly sandbox: SandboxService,
    private readonly sessions: SandboxSessions,
    private readonly files: FilesService,
    private readonly workspaceFiles: WorkspaceFilesService,
    private readonly builtIn: BuiltInTools,
    private readonly stores: VectorStoresService,
    private readonly descriptions: FileDescriptions,
  ) {}

  /** Throws a WireError for a tool that is not there or has wrong options, and 404 for a store that is missing. */
  async check(scope: TenantScope, wanted: readonly AssistantTool[], storeIds: readonly string[]): Promise<void> {
    this.builtIn.check(scope, wanted);
    await this.stores.demand(scope, storeIds);
  }

  /**
   * Tools work in the workspace that the id names: a thread's, or a chat completion's. Throws a WireError where a function
   * has the name of another tool, which for the tools of MCP servers shows only now.
   */
  async open(
    scope: TenantScope,
    workspaceId: string,
    wanted: readonly AssistantTool[],
    { history, knowledge }: Surroundings = {},
  ): Promise<Toolbox> {
    const search = this.openSearch(scope, wanted, knowledge);
    const clients = wanted.flatMap((tool) => (tool.type === 'function' ? [clientTool(tool.function)] : []));
    const builtIn = await this.builtIn.open(scope, wanted);
    const runsCode = wanted.some((tool) => tool.type === 'code_interpreter');
    const taken = [...builtIn, ...search.tools].map(({ definition }) => definition.name);
    demandNames(clients, runsCode ? ['code_interpreter', ...taken] : taken);
    const functions = [...builtIn, ...clients];
    const present = await this.workspaceFiles.list(scope, workspaceId);
    const files = new Map(present.map(({ name, fileId }) => [name, fileId]));
    const dataFiles = present.filter(({ kind }) => kind === 'uploaded').map(({ name, bytes }) => ({ name, bytes }));
    if (!runsCode) {
      return { ...search, tools: [...search.tools, ...functions], files, dataFiles, dispose: () => Promise.resolve() };
    }
    const description = codeInterpreterPrompt(await this.sandbox.modules(), this.sandbox.reachableHosts(scope));
    const interpreter = new CodeInterpreterTool(this.codeSession(scope, { id: workspaceId, history }), description);
    return {
      ...search,
      tools: [interpreter, ...search.tools, ...functions],
      prompt: [workspacePrompt(await this.describe(scope, present)), search.prompt]
        .filter((part) => part !== '')
        .join('\n\n'),
      files,
      dataFiles,
      dispose: () => interpreter.dispose(),
    };
  }

  /** What runs code in a workspace, of which the caller has made sure that it is of the scope's project. */
  codeSession(scope: TenantScope, workspace: CodeWorkspace): CodeSession {
    const sync = new WorkspaceSync(this.files, this.workspaceFiles, scope, workspace.id);
    return new CodeSession(this.sessions, sync, scope, workspace);
  }

  /** The first ones: more would fill the model's context with structure. */
  private describe(scope: TenantScope, present: readonly DescribedFile[]): Promise<PromptFile[]> {
    return Promise.all(
      present.map(async (file, index) => {
        const metadata = index < MOST_DESCRIBED ? await this.descriptions.describe(scope, file) : null;
        return { name: file.name, bytes: file.bytes, facts: fileFacts(metadata, false) };
      }),
    );
  }

  private openSearch(scope: TenantScope, wanted: readonly AssistantTool[], knowledge?: Knowledge): OpenedSearch {
    const asked = wanted.find((tool) => tool.type === 'file_search');
    if (!asked || !knowledge) return { tools: [], prompt: '' };
    const sources = new SourceList();
    for (const results of knowledge.earlier) sources.add(results);
    const options = asked.file_search ?? {};
    const isGrounded = options.grounded === true;
    return {
      tools: [new FileSearchTool(this.stores, scope, knowledge, options, sources)],
      prompt: searchPrompt({ cites: knowledge.cites, isGrounded }),
      ...(knowledge.cites ? { sources } : {}),
      ...(isGrounded ? { grounding: { sources, refusal: REFUSAL } } : {}),
    };
  }
}

type OpenedSearch = Pick<Toolbox, 'tools' | 'prompt' | 'sources' | 'grounding'>;

function demandNames(clients: readonly Tool[], others: readonly string[]): void {
  const taken = new Set(others);
  for (const { definition } of clients) {
    if (taken.has(definition.name)) throw nameTaken(definition.name, 'tools');
    taken.add(definition.name);
  }
}

/** A function that the client runs: it has no `execute`. */
function clientTool(definition: Extract<AssistantTool, { type: 'function' }>['function']): Tool {
  return { kind: 'function', definition };
}
