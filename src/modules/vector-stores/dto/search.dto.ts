import { HybridSearchDto } from '../../../common/dto/index.js';
import {
  arrayProblem,
  Choice,
  Custom,
  Flag,
  invalidType,
  Nest,
  Numeric,
  textProblem,
  type Problem,
} from '../../../common/validation/index.js';
import { SearchFilterProperty } from './search-filter.js';

const LONGEST_QUERY = 10_000;
const MOST_QUERIES = 20;

export const RANKERS = ['none', 'auto', 'default-2024-11-15', 'default_2024_08_21', 'llm'] as const;

export class SearchRankingDto {
  @Choice(RANKERS)
  ranker?: (typeof RANKERS)[number] | null;

  @Numeric({ min: 0, max: 1, description: 'Results that score less are left out.' })
  score_threshold?: number | null;

  @Nest(HybridSearchDto)
  hybrid_search?: HybridSearchDto | null;
}

export class SearchVectorStoreDto {
  @Custom(queryProblem, {
    required: true,
    description: 'A question, or several variants of one.',
    api: {
      oneOf: [
        { type: 'string', minLength: 1, maxLength: LONGEST_QUERY },
        { type: 'array', items: { type: 'string', minLength: 1 }, minItems: 1, maxItems: MOST_QUERIES },
      ],
    },
  })
  query: string | string[];

  @Flag({ description: 'Whether a model may put the question into words that find more.' })
  rewrite_query?: boolean | null;

  @Numeric({ integer: true, min: 1, max: 50, description: 'Default 10.' })
  max_num_results?: number | null;

  @SearchFilterProperty({ description: 'What attributes the files must have.' })
  filters?: Record<string, unknown> | null;

  @Nest(SearchRankingDto)
  ranking_options?: SearchRankingDto | null;

  @Numeric({
    ...{ integer: true, min: 0, max: 5 },
    description: 'Extension: chunks before and after a result that are shown with it, as one text.',
  })
  neighbours?: number | null;

  @Flag({ description: 'Extension: whether results bear `page` and `headings`, the titles above them.' })
  places?: boolean | null;
}

function queryProblem(value: unknown): Problem | null {
  const each = (item: unknown): Problem | null => textProblem(item, { min: 1, max: LONGEST_QUERY });
  if (typeof value === 'string') return each(value);
  if (!Array.isArray(value)) return invalidType('a string or an array of strings', value);
  return arrayProblem(value, { min: 1, max: MOST_QUERIES }, each);
}
