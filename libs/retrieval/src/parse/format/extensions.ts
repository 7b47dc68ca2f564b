/** Formats of text that the content tells less surely than the file's name. */
export type TextFormat = 'markdown' | 'html' | 'xml' | 'csv' | 'json' | 'jsonl' | 'code' | 'plain';

const EXTENSIONS: Readonly<Record<TextFormat, string>> = {
  markdown: 'md markdown mdx mkd',
  html: 'html htm xhtml',
  xml: 'xml rss atom xsd xsl xslt svg wsdl plist kml gpx dtd',
  csv: 'csv tsv tab psv',
  json: 'json geojson webmanifest har ipynb map',
  jsonl: 'jsonl ndjson',
  code: '',
  plain: 'txt text log rst adoc org srt vtt ini cfg conf properties env toml yaml yml tex bib diff patch',
};

/** Programming languages by extension. */
const LANGUAGES: Readonly<Record<string, string>> = {
  python: 'py pyi pyw',
  javascript: 'js mjs cjs jsx',
  typescript: 'ts mts cts tsx',
  java: 'java',
  kotlin: 'kt kts',
  scala: 'scala',
  c: 'c h',
  'c++': 'cpp cc cxx hpp hh hxx',
  'c#': 'cs',
  'objective-c': 'm mm',
  go: 'go',
  rust: 'rs',
  ruby: 'rb',
  php: 'php',
  perl: 'pl pm',
  swift: 'swift',
  dart: 'dart',
  lua: 'lua',
  r: 'r',
  julia: 'jl',
  haskell: 'hs',
  elixir: 'ex exs',
  clojure: 'clj cljs',
  shell: 'sh bash zsh fish',
  powershell: 'ps1',
  sql: 'sql',
  css: 'css scss sass less',
  vue: 'vue',
  svelte: 'svelte',
  terraform: 'tf hcl',
  protobuf: 'proto',
  graphql: 'graphql gql',
};

const FORMAT_OF = invert(EXTENSIONS);
const LANGUAGE_OF = invert(LANGUAGES);

/** In lower case, without the dot; empty where there is none. */
export function extensionOf(filename: string): string {
  const [, extension = ''] = /\.([^./\\]{1,16})$/.exec(filename) ?? [];
  return extension.toLowerCase();
}

export function languageOf(extension: string): string | undefined {
  return LANGUAGE_OF.get(extension);
}

export function textFormatOf(extension: string): TextFormat | undefined {
  return LANGUAGE_OF.has(extension) ? 'code' : (FORMAT_OF.get(extension) as TextFormat | undefined);
}

function invert(lists: Readonly<Record<string, string>>): Map<string, string> {
  return new Map(
    Object.entries(lists).flatMap(([name, list]) =>
      list
        .split(' ')
        .filter(Boolean)
        .map((one) => [one, name] as const),
    ),
  );
}
