import { Transform } from 'class-transformer';
import { ListQueryDto, TextList } from '../../../common/validation/index.js';

const INCLUDABLE = /^step_details\.tool_calls\[\*\]\.file_search\.results\[\*\]\.content$/;

/** One value is a text, several are a list; a comma joins as well. */
const AsList = (): PropertyDecorator =>
  Transform(({ value }: { value: unknown }) => (typeof value === 'string' ? value.split(',') : value));

/** SDKs write the list with brackets; without them it is taken, too (openai-wire.md section 4.1). */
export class RunStepQueryDto {
  @AsList()
  @TextList({ max: 10, each: { pattern: INCLUDABLE } })
  'include[]'?: string[];

  @AsList()
  @TextList({ max: 10, each: { pattern: INCLUDABLE } })
  include?: string[];
}

export class ListRunStepsQueryDto extends ListQueryDto {
  @AsList()
  @TextList({ max: 10, each: { pattern: INCLUDABLE } })
  'include[]'?: string[];

  @AsList()
  @TextList({ max: 10, each: { pattern: INCLUDABLE } })
  include?: string[];
}

/** The one thing that can be included is the content of what searches found. */
export function includesSearchContent(query: Pick<RunStepQueryDto, 'include' | 'include[]'>): boolean {
  return (query['include[]']?.length ?? 0) + (query.include?.length ?? 0) > 0;
}
