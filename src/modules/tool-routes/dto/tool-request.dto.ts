import { JsonObject, Numeric, Text } from '../../../common/validation/index.js';
import { WEB_SEARCH_LIMITS } from '../../tools/index.js';

const LONGEST_SESSION_NAME = 256;
const LONGEST_CODE = 1_000_000;

export class ToolRequestDto {
  @JsonObject({ description: 'What agents of the third seed send of their work. Taken and not used.' })
  context?: Record<string, unknown>;
}

export class WebSearchRequestDto extends ToolRequestDto {
  @Text({ required: true, min: 1, max: WEB_SEARCH_LIMITS.longestQuery })
  query: string;

  @Numeric({
    integer: true,
    min: 1,
    description: `Default ${WEB_SEARCH_LIMITS.defaultResults}; no search brings more than ${WEB_SEARCH_LIMITS.mostResults}.`,
  })
  max_results?: number;
}

export class PythonCoderRequestDto extends ToolRequestDto {
  @Text({ required: true, max: LONGEST_CODE, description: 'Python.' })
  code: string;

  @Text({
    required: true,
    min: 1,
    max: LONGEST_SESSION_NAME,
    description: 'A chat session of the project, or any name: the workspace of that name of the project.',
  })
  session_id: string;

  @Numeric({ integer: true, min: 1, description: 'Seconds; the server allows CODE_EXECUTION_TIMEOUT at most.' })
  timeout?: number;
}
