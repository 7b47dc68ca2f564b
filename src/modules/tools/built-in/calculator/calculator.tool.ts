import { readFileSync } from 'node:fs';
import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { parseObject, type Tool, type ToolCall, type ToolEvent } from '@libs/agent';
import type { TenantScope } from '../../../../common/principal.js';
import { BuiltInTool, type ToolOptions } from '../built-in-tool.js';
import { cutResult } from '../cut-result.js';
import { checkOptions } from '../tool-options.js';
import { Calculator } from './calculator.js';

const DESCRIPTION = readFileSync(new URL('./prompts/calculator.md', import.meta.url), 'utf8').trimEnd();
const LONGEST_EXPRESSION = 4000;
const LONGEST_RESULT = 10_000;
const BAD_ARGUMENTS = `The arguments must be a JSON object with the expression as the string "expression", of at most ${LONGEST_EXPRESSION} characters.`;

/** Arithmetic that does not depend on the model's head. */
@Injectable()
export class CalculatorTool extends BuiltInTool implements OnApplicationShutdown {
  readonly name = 'calculator';
  private readonly calculator = new Calculator();

  check(_scope: TenantScope, options: ToolOptions, path: string): void {
    checkOptions(options, path, {});
  }

  open(_scope: TenantScope): Promise<Tool[]> {
    return Promise.resolve([
      {
        kind: 'function',
        definition: {
          name: this.name,
          description: DESCRIPTION,
          parameters: {
            type: 'object',
            properties: { expression: { type: 'string', description: 'Such as "sqrt(2) * 3" or "12.7 cm to inch".' } },
            required: ['expression'],
            additionalProperties: false,
          },
        },
        execute: (call, signal) => this.execute(call, signal),
      },
    ]);
  }

  onApplicationShutdown(): void {
    this.calculator.close();
  }

  private async *execute(call: ToolCall, signal: AbortSignal): AsyncGenerator<ToolEvent> {
    const expression = parseObject(call.arguments)?.['expression'];
    if (typeof expression !== 'string' || expression.length > LONGEST_EXPRESSION) {
      yield { type: 'result', content: BAD_ARGUMENTS };
      return;
    }
    const calculation = await this.calculator.calculate(expression, signal);
    const content = 'text' in calculation ? calculation.text : `Error: ${calculation.problem}`;
    yield { type: 'result', content: cutResult(content, LONGEST_RESULT) };
  }
}
