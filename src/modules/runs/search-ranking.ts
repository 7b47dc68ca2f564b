import type { AssistantTool } from '@libs/openai-wire';
import type { SearchRanking } from './runs.types.js';

/** How the searches of a run rank: as its tool says, else OpenAI's way (openai-wire.md section 7). */
export function rankingOf(tools: readonly AssistantTool[]): SearchRanking {
  const tool = tools.find((candidate) => candidate.type === 'file_search');
  const { ranker, score_threshold } = tool?.file_search?.ranking_options ?? {};
  return { ranker: ranker ?? 'default_2024_08_21', score_threshold: score_threshold ?? 0 };
}
