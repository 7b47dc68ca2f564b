import type { FirstStartOutcome } from './modules/auth/index.js';

/** What the operator reads when the server is up. The password is shown here and never again. */
export function startUpMessage(url: string, firstStart: FirstStartOutcome): string {
  const address = url.replace('[::1]', 'localhost').replace('127.0.0.1', 'localhost');
  const lines = [``, `Threadmill serves at ${address}/v1 (Swagger UI: ${address}/docs)`];
  if (firstStart.kind === 'created') lines.push(...firstStartLines(address, firstStart));
  return `${lines.join('\n')}\n\n`;
}

function firstStartLines(
  address: string,
  { username, generatedPassword }: Extract<FirstStartOutcome, { kind: 'created' }>,
): string[] {
  const password = generatedPassword ?? '<DEFAULT_ADMIN_PASSWORD>';
  return [
    '',
    'First start: an administrator was made. The password is shown this once.',
    `  user:     ${username}`,
    `  password: ${password}`,
    '',
    'Get a token (any OpenAI SDK takes it as its API key):',
    `  export OPENAI_BASE_URL=${address}/v1`,
    `  export OPENAI_API_KEY=$(curl -s ${address}/api/auth/login -H 'content-type: application/json' \\`,
    `    -d '{"username":"${username}","password":"${password}"}' | node -pe 'JSON.parse(require("fs").readFileSync(0)).access_token')`,
    '',
    'Then, in a folder with `npm install openai`:',
    `  node --input-type=module -e "`,
    `    import OpenAI from 'openai';`,
    `    const client = new OpenAI();`,
    `    const { data: [model] } = await client.models.list();`,
    `    const answer = await client.chat.completions.create({ model: model.id, messages: [{ role: 'user', content: 'Hello!' }] });`,
    `    console.log(answer.choices[0].message.content);"`,
  ];
}
