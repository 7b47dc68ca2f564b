import { choice, decimal, flag, integer, text } from '../variable.js';

/** How documents are searched. Names that begin with RAG_ are those of older servers. */
export const RETRIEVAL = {
  EMBEDDING_MODEL: text({
    default: undefined,
    defaultText: '(none: stores are searched by words)',
    description: 'Model that turns chunks and questions into vectors. Needs pgvector.',
  }),
  EMBEDDING_BATCH_SIZE: integer({ default: 32, min: 1, max: 2048, description: 'Texts of one embedding call.' }),
  EMBEDDING_CONCURRENCY: integer({
    default: 2,
    min: 1,
    max: 64,
    description: 'Embedding calls at once, of one process.',
  }),
  RAG_USE_HYBRID_SEARCH: flag({
    default: true,
    description: 'Search by words and by vectors; false: by vectors only, where a store has them.',
  }),
  RAG_MIN_SCORE_THRESHOLD: decimal({
    default: 0,
    min: 0,
    max: 1,
    description: 'Lowest score of search results where the request says none.',
  }),
  RAG_GROUNDED_MIN_SCORE: decimal({
    default: 0.15,
    min: 0,
    max: 1,
    description: 'Lowest score, by words or of a reranker, of what counts as found for grounded assistants.',
  }),
  RAG_GROUNDED_MIN_SIMILARITY: decimal({
    default: 0.5,
    min: 0,
    max: 1,
    description: 'Similarity of vectors that counts as found, too. It depends on the model what unrelated texts have.',
  }),
  RAG_CACHE_MB: integer({
    default: 64,
    min: 0,
    max: 65_536,
    description:
      'Megabytes in which searches keep what they read of the index, a quarter more for texts; 0 keeps nothing.',
  }),
  RAG_INDEX_TYPE: choice(['flat', 'hnsw', 'ivf'], {
    default: 'flat',
    description:
      'How large stores are searched by vectors on a Postgres server: exactly, or by an approximate index of their own.',
  }),
  RAG_NEIGHBOURS: integer({
    default: 0,
    min: 0,
    max: 5,
    description: 'Chunks before and after a result that are shown with it, where the request says nothing.',
  }),
  RAG_QUERY_MODEL: text({
    default: undefined,
    defaultText: '(none: questions are searched for as they are)',
    description: 'Chat model that rewrites questions (`rewrite_query`) and thinks of variants.',
  }),
  RAG_USE_MULTI_QUERY: flag({
    default: false,
    description: 'Search for variants of each question, too, of which RAG_QUERY_MODEL thinks.',
  }),
  RAG_MULTI_QUERY_COUNT: integer({ default: 3, min: 1, max: 10, description: 'Variants of a question.' }),
  SEARCH_MODEL_PATIENCE_SECONDS: integer({
    default: 10,
    min: 1,
    max: 600,
    description:
      'Seconds after which a search goes on without a model that is to help it: with the vector of the question, its rewriting, or the ranking.',
  }),
  RAG_SUMMARY_MODEL: text({
    default: undefined,
    defaultText: '(none: no store can have summaries)',
    description: 'Chat model that summarises the documents of stores that ask for it (`summaries`).',
  }),
  RERANK_CHAT_MODEL: text({
    default: undefined,
    defaultText: '(none)',
    description: 'Chat model that ranks results where there is no RERANK_MODEL, or the request has the ranker `llm`.',
  }),
  RERANK_MODEL: text({
    default: undefined,
    defaultText: '(none)',
    description: 'Cross-encoder that puts the results of a search into their final order.',
  }),
} as const;
