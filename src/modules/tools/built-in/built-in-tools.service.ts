import { Inject, Injectable } from '@nestjs/common';
import type { Tool } from '@libs/agent';
import { invalidRequest, type AssistantTool, type WireError } from '@libs/openai-wire';
import type { TenantScope } from '../../../common/principal.js';
import { choiceProblem } from '../../../common/validation/index.js';
import type { BuiltInTool } from './built-in-tool.js';

/** Injects every BuiltInTool. */
export const ALL_BUILT_IN_TOOLS = Symbol('ALL_BUILT_IN_TOOLS');

const WIRE_TOOLS = ['code_interpreter', 'file_search', 'function'];

@Injectable()
export class BuiltInTools {
  private readonly tools: ReadonlyMap<string, BuiltInTool>;

  constructor(@Inject(ALL_BUILT_IN_TOOLS) tools: readonly BuiltInTool[]) {
    this.tools = new Map(tools.map((tool) => [tool.name, tool]));
  }

  /** Throws a WireError for the first tool that there is none of, whose options are wrong, or whose name is taken. */
  check(scope: TenantScope, wanted: readonly AssistantTool[]): void {
    checkNames(wanted);
    wanted.forEach((tool, index) => {
      if (tool.type !== 'built_in') return;
      const path = `tools[${index}]`;
      this.find(tool.name, `${path}.type`).check(scope, tool.options, `${path}.options`);
    });
  }

  /** What is named twice is there once: model servers refuse two functions of one name. */
  async open(scope: TenantScope, wanted: readonly AssistantTool[]): Promise<Tool[]> {
    const opened = wanted.map((tool) =>
      tool.type === 'built_in' ? this.find(tool.name, 'tools').open(scope, tool.options) : Promise.resolve<Tool[]>([]),
    );
    const tools = new Map<string, Tool>();
    for (const tool of (await Promise.all(opened)).flat()) {
      const { name } = tool.definition;
      if (!tools.has(name)) tools.set(name, tool);
    }
    return [...tools.values()];
  }

  private find(name: string, param: string): BuiltInTool {
    const tool = this.tools.get(name);
    if (tool) return tool;
    const problem = choiceProblem(name, [...WIRE_TOOLS, ...this.tools.keys()]);
    throw invalidRequest(problem?.text ?? '', param, problem?.code ?? null);
  }
}

/** Models call tools by their names alone. */
function checkNames(wanted: readonly AssistantTool[]): void {
  const taken = new Set(
    wanted.flatMap((tool) => (tool.type === 'function' ? [] : [tool.type === 'built_in' ? tool.name : tool.type])),
  );
  wanted.forEach((tool, index) => {
    if (tool.type !== 'function') return;
    if (taken.has(tool.function.name)) throw nameTaken(tool.function.name, `tools[${index}].function.name`);
    taken.add(tool.function.name);
  });
}

export function nameTaken(name: string, param: string): WireError {
  return invalidRequest(`The name '${name}' is taken by another of the tools.`, param, 'invalid_value');
}
